"""The errors of the runtime. The class of an error decides whether it is retried."""

from collections.abc import Mapping

__all__ = [
    "BatchError",
    "DatelineError",
    "DeadLetterLimitError",
    "FencedError",
    "OffsetsLostError",
    "PermanentError",
    "RecordsDeletedError",
    "SettingsError",
    "StageError",
    "TargetEndedError",
    "TopicMismatchError",
    "TransientError",
]


class DatelineError(Exception):
    """The base class of all errors that Dateline raises."""


class PermanentError(DatelineError):
    """The record can never be processed: it becomes a dead letter, and processing continues with the next one."""


class BatchError(PermanentError):
    """Some records of a batch can never be processed; `errors` has the error of each by its index in the batch."""

    def __init__(self, errors: Mapping[int, Exception]) -> None:
        first = next(iter(errors.values()), None)
        super().__init__(f"{len(errors)} of the records failed, the first with: {first}")
        self.errors = errors


class TransientError(DatelineError):
    """Another attempt may succeed: the same record is tried again after a pause, before any later record."""


class FencedError(TransientError):
    """Another producer took over the transactional id; the task then checks whether it still owns its partition."""


class SettingsError(DatelineError):
    """Settings are invalid or unknown; `problems` holds one readable line for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class StageError(DatelineError):
    """The stage has to stop until somebody intervenes: continuing would lose or corrupt records."""


class TargetEndedError(StageError):
    """The target of a sink wants no more records; the position stays where it is."""


class TopicMismatchError(StageError):
    """A topic exists with settings that differ from the required ones; the message names both values."""


class DeadLetterLimitError(StageError):
    """Too large a share of the records became dead letters; the last batch is not committed."""


class OffsetsLostError(StageError):
    """The committed offsets of a group are gone, so its position in the topic is unknown."""


class RecordsDeletedError(StageError):
    """Retention deleted records that the group had not read; the message names their offsets."""
