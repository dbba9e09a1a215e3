"""The verbs of `dateline` that come with the SDK: their names, options and help.

Only click is imported here, so that `dateline --help` is quick. Each verb imports its work when it is called.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import click

__all__ = ["dead_letters", "demo", "groups", "reprocess", "run", "settings", "tail", "topics", "up"]


@click.command()
@click.argument("seeds", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path("seeds"))
def demo(seeds: Path) -> None:
    """Run the whole pipeline over the folder SEEDS, and check the result.

    It starts a Kafka of its own, and leaves the articles in the SQLite database .dateline/demo.sqlite. The exit
    code is 0 only if every article came out enriched exactly once.

    \b
    Example:
      dateline demo seeds
    """
    from dateline.cli.console import console
    from dateline.pipeline.demo.run import run_demo

    sys.exit(run_demo(seeds, console()))


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".dateline/kafka"),
    show_default=True,
    help="Folder of the embedded broker's data.",
)
def up(data: Path) -> None:
    """Run Kafka and all services in the foreground until Ctrl-C.

    The settings of all services are checked first. No Kafka is started if
    DATELINE_KAFKA__BOOTSTRAP_SERVERS is set, or if a broker started by `dateline broker start` is
    running. A service that dies is restarted.

    \b
    Example:
      dateline up
    """
    from dateline.pipeline.up import run_up

    sys.exit(run_up(data))


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if a topic is missing or differs.")
def topics(check: bool) -> None:
    """Create missing topics, and compare the others with what they should be.

    \b
    Example:
      dateline topics --check
    """
    from dateline.cli.topics import create_or_check

    create_or_check(check=check)


@click.command()
@click.argument("topic", default="articles.enriched")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON per record.")
@click.option("--from-beginning", is_flag=True, help="Start with the oldest record of the topic.")
@click.option("-n", "--count", type=click.IntRange(min=1), help="Stop after this many records.")
def tail(topic: str, as_json: bool, from_beginning: bool, count: int | None) -> None:
    """Show enriched articles as they arrive, or the records of another TOPIC.

    \b
    Example:
      dateline tail --from-beginning -n 3
      dateline tail articles.parsed --json | jq .title
    """
    from dateline.cli.tail import print_records

    sys.exit(print_records(topic, as_json=as_json, from_beginning=from_beginning, count=count))


@click.command()
@click.argument("consumer", metavar="MODULE:NAME")
@click.option("--group", help="Consumer group to use instead of the one in the code.")
def run(consumer: str, group: str | None) -> None:
    """Run a consumer until Ctrl-C or SIGTERM.

    \b
    Example:
      dateline run examples.headlines:headlines
    """
    from dateline.cli.run import run_named

    sys.exit(run_named(consumer, group))


@click.command()
@click.argument("stage", metavar="STAGE|MODULE:NAME")
@click.option("--group", required=True, help="The new consumer group, such as enrich-v2.")
@click.option("--output", help="Topic of the results. Default: the stage's own topic with the group's name appended.")
@click.option("--follow", is_flag=True, help="Keep processing new records until Ctrl-C.")
@click.option("--resume", is_flag=True, help="Continue with a group that was started before.")
def reprocess(stage: str, group: str, output: str | None, follow: bool, resume: bool) -> None:
    """Run a stage over all its input again, as a new group with its own changelogs.

    Use it for a new version of an enricher. The old group keeps running meanwhile; consumers switch
    to the new output when it has caught up. The command ends when it has caught up.

    \b
    Example:
      dateline reprocess enrich --group enrich-v2
      dateline tail articles.enriched.enrich-v2
    """
    from dateline.cli.reprocess import run_again

    sys.exit(run_again(stage, group, output=output, follow=follow, resume=resume))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def settings(as_json: bool) -> None:
    """Show every setting of every installed part: its name, value, source and meaning.

    \b
    Example:
      dateline --set runtime.batch_records=50 settings
    """
    from dateline.cli.settings import print_settings

    print_settings(as_json=as_json)


@click.group()
def groups() -> None:
    """List consumer groups, reset one that lost its offsets, and forget one that is no longer needed.

    \b
    Example:
      dateline groups list
    """


@groups.command("list")
def list_groups() -> None:
    """List every group that was ever started, with its committed offsets.

    \b
    Example:
      dateline groups list
    """
    from dateline.cli.groups import print_groups

    print_groups()


@groups.command("reset")
@click.argument("group")
@click.option("--to", type=click.Choice(["earliest", "latest"]), required=True, help="Where the group continues.")
def reset_group(group: str, to: Literal["earliest", "latest"]) -> None:
    """Move GROUP to the beginning or the end of its topic.

    Use it for a group that stopped because its offsets or the next records to read are gone. Records in
    between are skipped or read again. To process everything again, use `dateline reprocess`.

    \b
    Example:
      dateline groups reset headlines --to earliest
    """
    from dateline.cli.groups import move_group

    move_group(group, to)


@groups.command("forget")
@click.argument("group")
@click.option(
    "--target",
    nargs=2,
    metavar="KIND TARGET",
    help="Also delete the positions of the group in the target of a sink; what the sink wrote stays.",
)
@click.option("--option", "options", metavar="NAME=VALUE", multiple=True, help="An option of the sink (repeatable).")
@click.option(
    "--own", is_flag=True, help="Allow a group that settings named, such as that of a sink, and no longer do."
)
@click.option("--yes", "sure", is_flag=True, help="Do not ask.")
def forget_group(group: str, target: tuple[str, str] | None, options: tuple[str, ...], own: bool, sure: bool) -> None:
    """Retire GROUP: delete its offsets and its state, so that its health is judged no longer.

    It is refused for a group that has members and for the pipeline's own. The topics that the group wrote
    stay, and so does what a sink wrote. A consumer that is started under this name again is a new group.

    \b
    Example:
      dateline groups forget headlines
      dateline groups forget archive --target sqlite news.sqlite
    """
    from dateline.cli.groups import forget_group as forget

    forget(group, sure=sure, own=own, target=target, options=options)


@click.group("dead-letters")
def dead_letters() -> None:
    """Inspect records that could not be processed, and replay them.

    \b
    Example:
      dateline dead-letters list
      dateline dead-letters show 0:17
      dateline dead-letters replay --group enrich
    """


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--error", "error_type", help="Only letters with this type of error.")(command)
    return click.option("--group", help="Only letters of this consumer group.")(command)


@dead_letters.command("list")
@_filters
@click.option("--all", "every", is_flag=True, help="Include letters that were replayed.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON per letter.")
def list_letters(group: str | None, error_type: str | None, every: bool, as_json: bool) -> None:
    """List dead letters, oldest first.

    \b
    Example:
      dateline dead-letters list --group enrich
    """
    from dateline.cli.dead_letters import print_letters

    print_letters(group, error_type, every=every, as_json=as_json)


@dead_letters.command("show")
@click.argument("letter_id", metavar="ID")
def show_letter(letter_id: str) -> None:
    """Show one dead letter in full: why it failed, its headers, and the original bytes.

    \b
    Example:
      dateline dead-letters show 0:17
    """
    from dateline.cli.dead_letters import print_letter

    print_letter(letter_id)


@dead_letters.command("replay")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@_filters
@click.option("--all", "every", is_flag=True, help="Replay all letters that were not replayed before.")
def replay_letters(ids: tuple[str, ...], group: str | None, error_type: str | None, every: bool) -> None:
    """Send dead letters back to their topic, for the group that failed and no other.

    A letter is replayed at most once, however often this is called.

    \b
    Example:
      dateline dead-letters replay 0:17 0:18
      dateline dead-letters replay --group enrich --error TransientError
    """
    if not (ids or group or error_type or every):
        raise click.UsageError("name the letters, or give --group, --error or --all")
    from dateline.cli.dead_letters import replay

    replay(ids, group, error_type)
