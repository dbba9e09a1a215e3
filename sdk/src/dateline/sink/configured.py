"""A sink with its target and all its options, checked before anything is connected."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dateline_schemas import Topic
from dateline_schemas.topics import ARTICLES_ENRICHED
from pydantic import ValidationError

from dateline.errors import DatelineError, SettingsError
from dateline.kafka.groups import PIPELINE_GROUPS
from dateline.kafka.offsets import Start
from dateline.sink.batch import BatchLimits
from dateline.sink.kinds import find_kind, missing
from dateline.sink.sink import Sink, SinkKind
from dateline.sink.start import parse_start
from dateline.sink.where import Condition, Where

__all__ = ["ConfiguredSink", "configure", "usual_group"]

GROUP = re.compile(r"[A-Za-z0-9._-]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredSink:
    """A sink as it is run.

    Attributes:
        group: the consumer group.
        name: the name of its kind.
        kind: the kind.
        target: the target, which may contain secrets.
        options: the options of the kind.
        where: the conditions on articles.
        start: where it begins if the target has no position.
        topic: the topic that it reads.
        skip_deleted: go on at the oldest record when retention has deleted the next ones.
    """

    group: str
    name: str
    kind: SinkKind[Any]
    target: str
    options: Any
    where: Where = field(default_factory=Where)
    start: Start = "earliest"
    topic: Topic = ARTICLES_ENRICHED
    skip_deleted: bool = False

    @property
    def shown(self) -> str:
        """The target without its secrets."""
        return self.kind.shown(self.target)

    @property
    def located(self) -> str:
        """The target as it can be told from others: files and folders by their whole path."""
        return _located(self.kind, self.target)

    @property
    def limits(self) -> BatchLimits:
        """When batches are written."""
        return self.kind.limits(self.options)

    def make(self) -> Sink:
        """Return a sink for one partition.

        Raises:
            DatelineError: a package is missing, or the target is invalid.
        """
        try:
            return self.kind.make(self.target, self.options)
        except ImportError as error:
            raise missing(self.name, error) from error
        except ValueError as error:
            raise DatelineError(f"the target {self.shown!r} is invalid: {error}") from error


def configure(
    name: str,
    target: str,
    *,
    group: str | None = None,
    options: Mapping[str, Any] | None = None,
    where: Sequence[str] = (),
    start: str = "earliest",
    topic: str = ARTICLES_ENRICHED.name,
    skip_deleted: bool = False,
) -> ConfiguredSink:
    """Return a sink that was checked without connecting to anything.

    Args:
        name: the name of its kind.
        target: the target.
        group: the consumer group; None means `usual_group`.
        options: the options of the kind.
        where: conditions such as `language=ka`.
        start: `earliest`, `latest` or a time.
        topic: the name of the topic to read, without prefix.
        skip_deleted: go on at the oldest record when retention has deleted the next ones.

    Raises:
        SettingsError: with one line for each problem.
    """
    try:
        kind = find_kind(name)
    except DatelineError as error:
        raise SettingsError([str(error)]) from error
    problems: list[str] = []
    made: dict[str, Any] = {}
    try:
        made["options"] = kind.options.model_validate(dict(options or {}))
    except ValidationError as error:
        problems += [_readable(each) for each in error.errors()]
    conditions = []
    for text in where:
        try:
            conditions.append(Condition.parse(text))
        except DatelineError as error:
            problems.append(str(error))
    try:
        made["start"] = parse_start(start)
    except DatelineError as error:
        problems.append(str(error))
    group = usual_group(name, kind, target, topic, made.get("options")) if group is None else group
    if not GROUP.fullmatch(group):
        problems.append(f"{group!r} is not the name of a group: at most 200 letters, digits, '.', '_' and '-'")
    elif group in PIPELINE_GROUPS:
        problems.append(f"{group!r} is a group of the pipeline; choose another name")
    if not problems:
        sink = ConfiguredSink(
            group=group,
            name=name,
            kind=kind,
            target=target,
            where=Where(tuple(conditions)),
            topic=replace(ARTICLES_ENRICHED, name=topic),
            skip_deleted=skip_deleted,
            **made,
        )
        try:
            sink.make()
        except DatelineError as error:
            problems.append(str(error))
        else:
            return sink
    raise SettingsError(problems)


def _readable(problem: Any) -> str:
    """Return a problem with an option, without its value, which may be a secret."""
    message = problem["msg"].removeprefix("Value error, ")
    return f"{'.'.join(map(str, problem['loc']))}: {message}" if problem["loc"] else message


def usual_group(name: str, kind: SinkKind[Any], target: str, topic: str, options: Any = None) -> str:
    """Return the group of a sink that was given none: two targets never share it, and a new password changes nothing.

    Members of one group share its partitions, so that each of two targets would get a part of the articles.
    """
    located = _located(kind, target) + ("" if topic == ARTICLES_ENRICHED.name else f"\n{topic}")
    usual = kind.options.model_fields
    for option in kind.within:
        if (value := getattr(options, option, usual[option].default)) != usual[option].default:
            located += f"\n{option}={value}"
    return f"{name}-{hashlib.sha256(located.encode()).hexdigest()[:8]}"


def _located(kind: SinkKind[Any], target: str) -> str:
    return kind.shown(target) if "URL" in kind.target else str(Path(target).absolute())
