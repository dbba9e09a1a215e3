"""Settings are read from flags, the environment and `.env`, and checked as a whole."""

import os
from pathlib import Path

import pytest
from dateline.errors import SettingsError
from dateline.settings import KafkaSettings, RuntimeSettings, known_settings, load, override
from pydantic import ValidationError


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.upper().startswith("DATELINE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    # Undoes what `override` puts into the environment.
    monkeypatch.setattr(os, "environ", os.environ.copy())


def problems_of(*sections: type[KafkaSettings] | type[RuntimeSettings]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(*sections)
    return caught.value.problems


def test_defaults_need_no_environment() -> None:
    kafka, runtime = load(KafkaSettings, RuntimeSettings)
    assert kafka.bootstrap_servers == "127.0.0.1:9092"
    assert runtime.batch_records == 500


def test_the_transaction_time_out_is_below_the_session_time_out() -> None:
    kafka = KafkaSettings()
    assert kafka.transaction_timeout_seconds < kafka.session_timeout_seconds


def test_an_unknown_name_is_named_with_its_value_and_the_nearest_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_KAFKA__TOPIC_PREFX", "demo.")
    (problem,) = problems_of(KafkaSettings)
    assert problem == (
        "DATELINE_KAFKA__TOPIC_PREFX='demo.' (from the environment): no installed part knows it; "
        "did you mean DATELINE_KAFKA__TOPIC_PREFIX?"
    )


def test_an_unknown_name_without_similar_ones_points_to_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_QQQQQQQQQQQQQQQQQQQQQQQQ", "1")
    (problem,) = problems_of(KafkaSettings)
    assert problem.endswith("no installed part knows it; `dateline settings` lists all names")


def test_a_misspelt_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_KAFKA__SASL_PASSWROD", "hunter2")
    (problem,) = problems_of(KafkaSettings)
    assert "hunter2" not in problem
    assert "did you mean DATELINE_KAFKA__SASL_PASSWORD?" in problem


def test_every_wrong_value_gets_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_RUNTIME__BATCH_RECORDS", "many")
    monkeypatch.setenv("DATELINE_RUNTIME__DEAD_LETTER_SHARE", "2")
    monkeypatch.setenv("DATELINE_KAFKA__SECURITY_PROTOCOL", "TLS")
    problems = problems_of(KafkaSettings, RuntimeSettings)
    assert len(problems) == 3
    assert problems[0].startswith("DATELINE_KAFKA__SECURITY_PROTOCOL='TLS' (from the environment): Input should be")
    assert "'PLAINTEXT'" in problems[0]
    assert problems[1].startswith("DATELINE_RUNTIME__BATCH_RECORDS='many' (from the environment): Input should be")
    assert "less than or equal to 1" in problems[2]


def test_a_wrong_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_KAFKA__SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("DATELINE_KAFKA__SASL_PASSWORD", "hunter2")
    problems = problems_of(KafkaSettings)
    assert problems == ["DATELINE_KAFKA__*: security_protocol SASL_SSL needs sasl_username and sasl_password"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"TRANSACTION_TIMEOUT_SECONDS": "10", "SESSION_TIMEOUT_SECONDS": "10"},
            "transaction_timeout_seconds (10) must be below session_timeout_seconds (10)",
        ),
        ({"SSL_KEYFILE": "key.pem"}, "ssl_keyfile needs ssl_certfile"),
        ({"MIN_INSYNC_REPLICAS": "2"}, "min_insync_replicas (2) must not be above replication_factor (1)"),
    ],
)
def test_values_that_contradict_each_other_are_refused(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], expected: str
) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"DATELINE_KAFKA__{name}", value)
    assert problems_of(KafkaSettings) == [f"DATELINE_KAFKA__*: {expected}"]


def test_services_share_one_file_and_each_reads_its_own_part(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATELINE_KAFKA__TOPIC_PREFIX=shared.\nDATELINE_RUNTIME__BATCH_RECORDS=7\n")
    (kafka,) = load(KafkaSettings)
    (runtime,) = load(RuntimeSettings)
    assert kafka.topic_prefix == "shared."
    assert runtime.batch_records == 7


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.env").write_text("DATELINE_KAFKA__TOPIC_PREFIX=file.\nDATELINE_KAFKA__BOOTSTRAP_SERVERS=a:1\n")
    monkeypatch.setenv("DATELINE_ENV_FILE", str(tmp_path / "other.env"))
    monkeypatch.setenv("DATELINE_KAFKA__TOPIC_PREFIX", "environment.")
    (kafka,) = load(KafkaSettings)
    assert (kafka.topic_prefix, kafka.bootstrap_servers) == ("environment.", "a:1")


def test_a_problem_in_the_file_names_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATELINE_RUNTIME__BATCH_RECORDS=0\nOTHER_TOOL=1\n")
    (problem,) = problems_of(RuntimeSettings)
    assert problem.startswith("DATELINE_RUNTIME__BATCH_RECORDS='0' (from .env): ")


def test_an_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_KAFKA__INSTANCE_ID", "")
    (kafka,) = load(KafkaSettings)
    assert kafka.instance_id is None


@pytest.mark.parametrize(
    "flag",
    ["kafka.topic_prefix=x.", "KAFKA__TOPIC_PREFIX=x.", "DATELINE_KAFKA__TOPIC_PREFIX=x.", " kafka.topic_prefix =x."],
)
def test_a_flag_wins_over_everything(flag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_KAFKA__TOPIC_PREFIX", "environment.")
    override([flag])
    (kafka,) = load(KafkaSettings)
    assert kafka.topic_prefix == "x."


@pytest.mark.parametrize("flag", ["kafka.topic_prefix", "=x"])
def test_a_flag_without_name_or_value_is_refused(flag: str) -> None:
    with pytest.raises(SettingsError, match="write it as NAME=VALUE"):
        override([flag])


def test_settings_are_immutable() -> None:
    with pytest.raises(ValidationError):
        KafkaSettings().topic_prefix = "x"  # type: ignore[misc]


def test_every_setting_has_a_description() -> None:
    for section in set(known_settings().values()):
        for field, info in section.model_fields.items():
            assert info.description, f"{section.__name__}.{field}"


def test_a_limit_that_could_never_be_reached_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_RUNTIME__DEAD_LETTER_WINDOW", "30")
    assert problems_of(RuntimeSettings) == [
        "DATELINE_RUNTIME__*: dead_letter_minimum (20) must be at most half of dead_letter_window (30)"
    ]
