"""The documentation says what is true: links, commands, code, settings and topics are compared or run."""

import re
import shlex
from pathlib import Path

import click
import pytest
from dateline.cli import reference
from dateline.cli.main import main
from dateline.consumer import Consumer
from dateline.pipeline.layout import TopicLayout
from dateline.settings import KafkaSettings, known_settings, load
from dateline.testkit import ConsumerKit
from dateline_ingest.settings import IngestSettings
from dateline_schemas import TOPICS, EnrichedArticle, Entity
from support.articles import an_article

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("seeds/*.md")])
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^|`|\$ |&& |\| )((?:\.venv/bin/)?dateline(?: [^`\n|&#→]+)?)", re.MULTILINE)


def verbs(group: click.Group = main) -> list[tuple[str, click.Command]]:
    """Return each verb with its whole name, those of groups included."""
    context = click.Context(group)
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {below}", each) for below, each in verbs(command)]
    return found


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_to_files_that_exist(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text("utf-8")) if not (page.parent / link).exists()]
    assert not missing


def test_architecture_names_files_that_exist() -> None:
    paths = re.findall(
        r"`((?:sdk|web|schemas|broker|services)/[^`\s]*)`", (ROOT / "docs/architecture.md").read_text("utf-8")
    )
    assert len(paths) > 20
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_ingest_names_modules_that_exist() -> None:
    package = ROOT / "services/ingest/src/dateline_ingest"
    table = (ROOT / "docs/ingest.md").read_text("utf-8").partition("## In the code")[2]
    folder, paths = package, []
    for row in re.findall(r"^\| (.*?) \|", table, re.MULTILINE)[2:]:
        names = re.findall(r"`([^`]+)`", row)
        folder = folder if row.startswith("—") else package
        paths += [folder / name for name in names]
        if names[-1].endswith("/"):
            folder = package / names[-1]
    assert len(paths) > 20
    assert not [path for path in paths if not path.exists()]


@pytest.mark.parametrize("page", [page for page in PAGES if "adr" not in page.parts], ids=named)
def test_commands_that_are_shown_can_be_given(page: Path) -> None:
    for line in COMMAND.findall(page.read_text("utf-8")):
        arguments = shlex.split(re.sub(r"\s{2,}.*", "", line.replace("\\", "").replace("…", "")))[1:]
        if arguments and arguments[0].islower() and not arguments[0].startswith("-"):
            check_command(main, arguments, line)


def check_command(group: click.Group, arguments: list[str], line: str) -> None:
    """Hold that `arguments` name a verb and options that exist."""
    command = group.get_command(click.Context(group), arguments[0])
    assert command is not None, f"{line!r} names a verb that does not exist"
    rest = arguments[1:]
    if isinstance(command, click.Group):
        if rest and not rest[0].startswith("-") and rest[0] != "...":
            check_command(command, rest, line)
        return
    known = {option for parameter in command.params for option in [*parameter.opts, *parameter.secondary_opts]}
    given = {argument.split("=")[0] for argument in rest if re.fullmatch(r"--?[a-z][a-z-]*(=.*)?", argument)}
    assert given <= known | {"--help"}, f"{line!r} gives an option that does not exist"


@pytest.mark.parametrize(("name", "command"), verbs(), ids=[name for name, _ in verbs()])
def test_every_verb_has_a_help_text_with_an_example(name: str, command: click.Command) -> None:
    text = command.help or ""
    assert len(text.splitlines()[0]) > 20
    assert "Example:" in text
    assert re.search(rf"\bdateline (--set \S+ )?{name}\b", text.partition("Example:")[2])
    undocumented = [p.name for p in command.params if isinstance(p, click.Option) and not p.help]
    assert not undocumented


@pytest.mark.parametrize(("name", "text"), reference.pages().items(), ids=reference.pages())
def test_the_reference_is_what_the_code_says(name: str, text: str) -> None:
    assert (ROOT / "docs/reference" / name).read_text("utf-8") == text, "run `make schemas`"


def test_the_readme_shows_every_topic_and_every_verb() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "\n".join(reference.topic_table()) in readme
    missing = [name for name, _ in verbs() if " " not in name and f"dateline {name}" not in readme + "dateline demo"]
    assert not missing


@pytest.mark.parametrize("page", ["README.md", "docs/consumers.md"])
async def test_the_consumer_that_the_pages_show_works(page: str) -> None:
    blocks = [code for kind, code in FENCE.findall((ROOT / page).read_text("utf-8")) if kind == "python"]
    names: dict[str, object] = {"__name__": "shown"}
    exec(compile(blocks[0], page, "exec"), names)
    shown = names["headlines"]
    assert isinstance(shown, Consumer)
    kit = ConsumerKit(shown)
    place = Entity(id="x", type="location", name="Tbilisi")
    await kit.feed(EnrichedArticle(article=an_article("Somewhere"), revision=1, entities=[place]))
    assert kit.values()[0].places == ["Tbilisi"]


async def test_the_consumer_with_state_that_the_page_shows_counts() -> None:
    text = (ROOT / "docs/consumers.md").read_text("utf-8")
    blocks = [code for kind, code in FENCE.findall(text) if kind == "python"]
    names: dict[str, object] = {"__name__": "shown"}
    preamble = "from dateline import Context, Event, consumer\nfrom dateline_schemas import Contract, EnrichedArticle\n"
    exec(compile(preamble + blocks[1], "docs/consumers.md", "exec"), names)
    shown = names["count"]
    assert isinstance(shown, Consumer)
    kit = ConsumerKit(shown)
    await kit.feed(*[EnrichedArticle(article=an_article(), revision=1, language="en")] * 2)
    assert kit.outputs[-1].value == b'{"articles":2}'


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_settings_that_are_named_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    # Some pages write a row of names as `DATELINE_SECTION__…`, or with a star.
    names = set(re.findall(r"DATELINE_[A-Z]+__[A-Z0-9_]*[A-Z0-9](?![A-Z0-9_*…])", text))
    assert names <= known_settings().keys()


def test_the_plan_of_scaling_holds_together(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "docs/scaling.md").read_text("utf-8")
    (plan,) = [code for kind, code in FENCE.findall(text) if kind == "shell"]
    for line in plan.splitlines():
        monkeypatch.setenv(*line.split("=", 1))
    layout, _kafka, _ingest = load(TopicLayout, KafkaSettings, IngestSettings)
    shapes = {name: layout.of(topic) for name, topic in TOPICS.items()}
    articles, feeds = shapes["articles.enriched"], shapes["feeds"]
    assert f"| partitions of articles | {articles.partitions} |" in text
    assert f"| partitions of feeds | {feeds.partitions} |" in text
    assert f"{shapes['seen'].config()['retention.ms']}`; until then" in " ".join(text.split())


def test_every_target_of_make_has_a_line_of_help() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    documented = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert targets == documented
    assert targets >= {"setup", "lint", "test", "demo", "bench", "schemas", "clean", "help"}
