"""Consumer groups: all of them, one with its partitions, and the way to forget one."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from aiokafka.errors import KafkaError
from dateline.errors import DatelineError, TransientError
from dateline.service.problem import ProblemDetails
from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi import Path as PathField
from fastapi.responses import JSONResponse, RedirectResponse

from dateline_status.groups.desk import ForgetPlan, GroupForgetting
from dateline_status.history.view import WINDOW_NAMES, History, WindowName
from dateline_status.http.access.access import Access
from dateline_status.http.access.changes import Change, add_change
from dateline_status.http.access.place import address_of_page
from dateline_status.http.preference import preferred
from dateline_status.http.site import NavigationEntry, Website
from dateline_status.http.source import StatusSource
from dateline_status.report import GroupReport

__all__ = ["add_groups"]

ABOUT_GROUP = "Name of the consumer group."

GroupName = Annotated[str, PathField(description=ABOUT_GROUP, min_length=1, max_length=255)]

FORGET_FIELDS = {
    "type": "object",
    "properties": {
        "plan": {
            "type": "string",
            "description": "Names what the page before said that would be removed; empty means whatever the group has.",
        }
    },
}
"""The fields of a request that forgets a group."""


def add_groups(
    app: FastAPI,
    site: Website,
    source: StatusSource,
    forgetting: GroupForgetting,
    *,
    access: Access,
    history: History | None,
) -> None:
    """Add the pages of the groups, and forgetting one."""
    site.navigation.append(NavigationEntry("/groups", "groups"))

    def known() -> list[GroupReport]:
        pipeline = source.report().pipeline
        return list(pipeline.groups) if pipeline else []

    @app.get(
        "/groups",
        tags=["reports"],
        response_model=list[GroupReport],
        response_description="The groups with their lag and their partitions.",
    )
    async def groups(request: Request) -> Response:
        """Return the consumer groups; people get a page."""
        if preferred(request) == "json":
            return JSONResponse([each.model_dump(mode="json") for each in known()])

        async def values() -> Mapping[str, Any]:
            return {"pipeline": source.report().pipeline}

        return await site.answer(request, "groups.html", values)

    @app.get("/groups/{group:path}/forget", include_in_schema=False)
    async def confirmation(group: str, request: Request) -> Response:
        if not access.visitor(request).signed_in:
            return RedirectResponse(f"/sign-in?next={quote(address_of_page(request), safe='')}", status_code=303)
        plan, problem = await _plan(forgetting, group)

        async def values() -> Mapping[str, Any]:
            return {"group": group, "plan": plan, "problem": problem, "sink": _sink(source, group)}

        return await site.answer(request, "forget_group.html", values)

    @app.get(
        "/groups/{group:path}",
        tags=["reports"],
        response_model=GroupReport,
        response_description="The group with its lag and its partitions.",
        responses={404: {"model": ProblemDetails, "description": "There is no such group."}},
    )
    async def group_page(
        group: GroupName,
        request: Request,
        window: Annotated[WindowName, Query(description="Window of the plot on the page.")] = "1h",
    ) -> Response:
        """Return one consumer group; people get a page."""
        found = next((each for each in known() if each.group == group), None)
        if found is None:
            raise HTTPException(404, f"there is no group {group!r}; /groups has all of them")
        if preferred(request) == "json":
            return JSONResponse(found.model_dump(mode="json"))

        async def values() -> Mapping[str, Any]:
            report = source.report()
            current = next((each for each in known() if each.group == group), None)
            counts = report.pipeline.dead_letters.counts if report.pipeline else []
            return {
                "group": current or found,
                "gone": current is None,
                "sink": _sink(source, group),
                "letters": sum(each.count for each in counts if each.group == group),
                "view": history.view(window) if history is not None else None,
                "window_names": WINDOW_NAMES,
            }

        return await site.answer(request, "group.html", values)

    async def forget(change: Change) -> str:
        return await forgetting.forget(change.path["group"], change.fields.get("plan", ""))

    add_change(
        app,
        access,
        "/groups/{group:path}/forget",
        forget,
        what="group.forget",
        summary="Forget a consumer group: its offsets and its state go, and what it wrote stays.",
        on=lambda change: change.path["group"],
        fields=FORGET_FIELDS,
        parameters={"group": {"description": ABOUT_GROUP, "schema": {"type": "string"}}},
    )


async def _plan(forgetting: GroupForgetting, group: str) -> tuple[ForgetPlan | None, str]:
    try:
        return await forgetting.plan(group), ""
    except (TransientError, KafkaError, OSError) as error:
        raise HTTPException(503, f"Kafka does not answer: {error}") from error
    except DatelineError as error:
        return None, str(error)


def _sink(source: StatusSource, group: str) -> object:
    pipeline = source.report().pipeline
    return next((each for each in pipeline.sinks if each.group == group), None) if pipeline else None
