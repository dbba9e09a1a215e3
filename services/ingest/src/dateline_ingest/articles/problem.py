"""What is wrong with a document, in words that tell a person what to do."""

from dataclasses import dataclass, replace

__all__ = ["DocumentError", "Problem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that could not be published: where it stands, what is wrong, what to do."""

    where: str
    """File or address; `<stdin>` for standard input."""
    what: str
    remedy: str
    line: int | None = None
    """Line of the file, from 1."""

    def __str__(self) -> str:
        line = "" if self.line is None else f":{self.line}"
        return f"{self.where}{line}: {self.what}; {self.remedy}"


class DocumentError(Exception):
    """A document, or one article of it, cannot be read."""

    def __init__(self, what: str, remedy: str, *, line: int | None = None, field: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.line = line
        self.field = field

    def problem(self, where: str, line: int | None = None) -> Problem:
        """Return what to report, with `line` where the error names none itself."""
        found = Problem(where=where, what=self.what, remedy=self.remedy, line=self.line)
        return found if self.line is not None else replace(found, line=line)
