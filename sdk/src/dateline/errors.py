"""The errors of the runtime; the class of an error is its retry policy."""

__all__ = [
    "DatelineError",
    "DeadLetterLimitError",
    "FencedError",
    "OffsetsLostError",
    "PermanentError",
    "RecordsDeletedError",
    "SettingsError",
    "StageError",
    "TopicMismatchError",
    "TransientError",
]


class DatelineError(Exception):
    """The root of all errors that Dateline raises on purpose."""


class PermanentError(DatelineError):
    """This record can never be processed: it becomes a dead letter and the rest goes on."""


class TransientError(DatelineError):
    """It may work in a moment: the same record is tried again, with backoff and in order."""


class FencedError(TransientError):
    """Another producer took the transactional id over; never fatal, the task looks whether it is still owner."""


class SettingsError(DatelineError):
    """A setting is wrong or unknown; `problems` holds one readable line for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class StageError(DatelineError):
    """The stage has to stop and a person has to look: going on would lose or spoil records."""


class TopicMismatchError(StageError):
    """A topic exists with settings other than the registry's; the message names both values."""


class DeadLetterLimitError(StageError):
    """Too large a share of the records became dead letters; the batch that showed it is not committed."""


class OffsetsLostError(StageError):
    """A group that had offsets has none any more, so its place in the topic is not known."""


class RecordsDeletedError(StageError):
    """Retention deleted records that the group had not read; the message names the range."""
