"""Dead letters: their causes, one letter with its bytes, and sending them back."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from aiokafka.errors import KafkaError
from dateline.errors import DatelineError, TransientError
from dateline.service.problem import ProblemDetails
from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi import Path as PathField
from fastapi.responses import JSONResponse

from dateline_status.http.access.access import Access
from dateline_status.http.access.changes import Change, add_change
from dateline_status.http.preference import preferred
from dateline_status.http.site import NavigationEntry, Website
from dateline_status.letters.letters import DeadLetters
from dateline_status.letters.readable import visible
from dateline_status.letters.report import LetterDetail, LetterPage

__all__ = ["add_dead_letters"]

POSITION = r"^[0-9]{1,9}:[0-9]{1,18}$"
"""A position in the topic of dead letters."""

ABOUT_POSITION = "Its position in the topic of dead letters, as partition:offset."

POSITION_SCHEMA: dict[str, Any] = {"type": "string", "pattern": POSITION, "examples": ["0:17"]}
"""How OpenAPI describes a position."""

ONE_CAUSE = {
    "type": "object",
    "required": ["cause", "through"],
    "properties": {
        "cause": {"type": "string", "description": "Id of the cause."},
        "through": {"type": "string", "pattern": POSITION, "description": "Newer letters are not replayed."},
    },
}
"""The fields of a replay of all letters of a cause."""

LetterPosition = Annotated[str, PathField(description=ABOUT_POSITION, json_schema_extra=POSITION_SCHEMA)]
"""A position, which `_checked` looks at, since it says better what is wrong with another text."""


def add_dead_letters(app: FastAPI, site: Website, letters: DeadLetters, access: Access) -> None:
    """Add the pages of dead letters, and their replay."""
    site.navigation.append(NavigationEntry("/dead-letters", "dead letters"))
    site.add_filters(visible=visible)

    @app.get(
        "/dead-letters",
        tags=["dead letters"],
        response_model=LetterPage,
        response_description="The causes, and a page of the letters of one cause.",
    )
    async def dead_letters(
        request: Request,
        cause: Annotated[str, Query(max_length=64, description="Id of a cause.")] = "",
        page: Annotated[int, Query(ge=1, le=1_000_000, description="Number of the page.")] = 1,
    ) -> Response:
        """Return why records became dead letters, and which; people get a page."""
        if preferred(request) == "json":
            return JSONResponse(letters.page(cause, page).model_dump(mode="json"))

        async def values() -> Mapping[str, Any]:
            shown = letters.page(cause, page)
            chosen = next((each for each in shown.causes if each.id == cause), None)
            return {"shown": shown, "chosen": chosen, "cause": cause}

        return await site.answer(request, "dead_letters.html", values)

    @app.get(
        "/dead-letters/{letter}",
        tags=["dead letters"],
        response_model=LetterDetail,
        response_description="The letter with its headers and its bytes as text.",
        responses={
            404: {"model": ProblemDetails, "description": "There is no dead letter at this position."},
            422: {"model": ProblemDetails, "description": "The path is no position."},
            503: {"model": ProblemDetails, "description": "Kafka does not answer."},
        },
    )
    async def dead_letter(letter: LetterPosition, request: Request) -> Response:
        """Return one dead letter; this reads Kafka. People get a page."""
        position = _checked(letter)
        try:
            detail = await letters.read(position)
        except (TransientError, KafkaError, OSError) as error:
            raise HTTPException(503, f"Kafka does not answer: {error}") from error
        if detail is None:
            raise HTTPException(404, f"there is no dead letter at {position}; retention may have deleted it")
        if preferred(request) == "json":
            return JSONResponse(detail.model_dump(mode="json"))

        async def values() -> Mapping[str, Any]:
            # The bytes never change, and are read once.
            replayed = letters.was_replayed(position)
            replayable = detail.replayable and not replayed
            return {"letter": detail.model_copy(update={"replayed": replayed, "replayable": replayable})}

        return await site.answer(request, "dead_letter.html", values)

    async def replay_one(change: Change) -> str:
        return await letters.replay([_checked(change.path["letter"])])

    async def replay_cause(change: Change) -> str:
        cause, through = change.fields.get("cause", ""), _checked(change.fields.get("through", ""))
        positions = letters.open_letters(cause, through)
        if not positions:
            raise DatelineError("this cause has no dead letters that were not replayed")
        return await letters.replay(positions)

    add_change(
        app,
        access,
        "/dead-letters/replay",
        replay_cause,
        what="dead letters.replay",
        summary="Replay all open dead letters of a cause that were shown, each to the group that failed.",
        on=lambda change: f"cause {change.fields.get('cause', '')} through {change.fields.get('through', '')}",
        fields=ONE_CAUSE,
    )
    add_change(
        app,
        access,
        "/dead-letters/{letter}/replay",
        replay_one,
        what="dead letter.replay",
        summary="Replay one dead letter to the group that failed.",
        on=lambda change: change.path["letter"],
        parameters={"letter": {"description": ABOUT_POSITION, "schema": POSITION_SCHEMA}},
    )


def _checked(position: str) -> str:
    if not re.fullmatch(POSITION, position):
        raise HTTPException(422, "a dead letter is named by its position, as PARTITION:OFFSET, such as 0:17")
    number, offset = map(int, position.split(":"))
    return f"{number}:{offset}"
