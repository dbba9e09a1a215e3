"""An external Kafka with SASL and TLS: every client connects with the settings, or explains why it cannot."""

from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives import serialization
from dateline_broker import RunningBroker
from support.command import Command

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]

JAAS = 'org.apache.kafka.common.security.plain.PlainLoginModule required user_reader="opensesame";'


@pytest.fixture
def secured(own_kafka_broker: Callable[..., RunningBroker], tmp_path: Path) -> Command:
    """The command with the settings of a broker that requires TLS and a password."""
    authority = trustme.CA()
    server = authority.issue_cert("127.0.0.1", "localhost")
    chain = b"".join(blob.bytes() for blob in server.cert_chain_pems)
    (tmp_path / "server.pem").write_bytes(pkcs8(server.private_key_pem.bytes()) + chain)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    broker = own_kafka_broker(
        listeners={"CLIENT": "SASL_SSL"},
        properties={
            "listener.name.client.sasl.enabled.mechanisms": "PLAIN",
            "listener.name.client.plain.sasl.jaas.config": JAAS,
            "listener.name.client.ssl.keystore.type": "PEM",
            "listener.name.client.ssl.keystore.location": str(tmp_path / "server.pem"),
        },
    )
    return Command(
        broker.listeners["CLIENT"],
        settings={
            "DATELINE_KAFKA__SECURITY_PROTOCOL": "SASL_SSL",
            "DATELINE_KAFKA__SASL_USERNAME": "reader",
            "DATELINE_KAFKA__SASL_PASSWORD": "opensesame",
            "DATELINE_KAFKA__SSL_CAFILE": str(tmp_path / "ca.pem"),
        },
    )


def pkcs8(key: bytes) -> bytes:
    """Return a private key in PKCS 8, the only form that Java reads."""
    loaded = serialization.load_pem_private_key(key, None)
    return loaded.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def test_the_pipeline_works_over_tls_with_a_password_and_refuses_without(secured: Command, tmp_path: Path) -> None:
    assert secured.run("topics").code == 0
    article = tmp_path / "one.txt"
    article.write_text(" date 2024-06-27 Ferry sails again\nThe ferry sails on June 30.\n")
    with secured.running(module="dateline_enrich"):
        assert secured.run("ingest", str(article)).code == 0
        (found,) = secured.run("tail", "--json", "--from-beginning", "-n", "1").json_lines()
    assert found["article"]["title"] == "Ferry sails again"
    assert secured.run("groups", "list").code == 0
    assert secured.run("dead-letters", "list").code == 0

    secured.settings["DATELINE_KAFKA__SASL_PASSWORD"] = "wrong"
    refused = secured.run("topics")
    assert refused.code == 1
    assert "SaslAuthenticationFailed" in refused.err
    assert "opensesame" not in refused.err

    secured.settings["DATELINE_KAFKA__SSL_CAFILE"] = str(tmp_path / "nothing.pem")
    unreadable = secured.run("topics")
    assert unreadable.code == 2
    assert "nothing.pem" in unreadable.err


def test_sasl_without_a_user_is_an_invalid_setting() -> None:
    command = Command("127.0.0.1:1", settings={"DATELINE_KAFKA__SECURITY_PROTOCOL": "SASL_PLAINTEXT"})
    done = command.run("topics")
    assert done.code == 2
    assert "needs sasl_username and sasl_password" in done.err
