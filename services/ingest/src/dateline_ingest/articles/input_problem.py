"""Problems in the input, reported with the place, the cause and the remedy."""

from dataclasses import dataclass

__all__ = ["DocumentError", "InputProblem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputProblem:
    """One part of the input that could not be published."""

    where: str
    """File or address; `<stdin>` for standard input."""
    what: str
    """What is wrong."""
    remedy: str
    """What to do about it."""
    line: int | None = None
    """Line of the file, counted from 1."""

    def __str__(self) -> str:
        line = "" if self.line is None else f":{self.line}"
        return f"{self.where}{line}: {self.what}; {self.remedy}"


class DocumentError(Exception):
    """A document, or one of its articles, is invalid.

    Args:
        what: what is wrong.
        remedy: what to do about it.
        line: line of the document, counted from 1.
        field: name of the invalid field.
    """

    def __init__(self, what: str, remedy: str, *, line: int | None = None, field: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.line = line
        self.field = field

    def problem(self, where: str, line: int | None = None) -> InputProblem:
        """Return the problem to report.

        Args:
            where: name of the document.
            line: the line to report if the error has none.
        """
        return InputProblem(
            where=where, what=self.what, remedy=self.remedy, line=self.line if self.line is not None else line
        )
