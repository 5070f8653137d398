"""What reaches an operator: the wheel and the locks."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parent.parent
LOCKS = ["requirements.lock", "requirements-build.lock", "requirements-dev.lock"]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the wheel of this checkout was installed."""
    folder = tmp_path_factory.mktemp("installed")
    wheels = tmp_path_factory.mktemp("wheels")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", f"--wheel-dir={wheels}", CHECKOUT], check=True)
    (wheel,) = wheels.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--no-index", f"--target={folder}", wheel], check=True)
    return folder


@pytest.mark.parametrize("part", ["questionnaires", "templates", "reports", "app/static", "app/locales"])
def test_the_wheel_carries_what_the_checkout_has(installed: Path, part: str) -> None:
    inside = installed / "app" / part.removeprefix("app/")

    assert _files(inside) == _files(CHECKOUT / part)


def test_the_command_works_from_the_wheel_in_any_folder(installed: Path, tmp_path: Path) -> None:
    program = "import app, app.commands.cli; print(app.__file__, flush=True); app.commands.cli.main()"
    finished = subprocess.run(
        [sys.executable, "-c", program, "check"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout.splitlines()[0] == str(installed / "app" / "__init__.py")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_by_hash_and_names_no_host(lock: str) -> None:
    lines = (CHECKOUT / lock).read_text().splitlines()
    packages = [line for line in lines if line and line[0] not in " #-"]
    unhashed = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if line in packages and not ("==" in line and following.startswith("    --hash=sha256:"))
    ]

    assert packages != []
    assert unhashed == []
    assert [line for line in lines if "://" in line or line.startswith("-") or " @ " in line] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_every_direct_dependency_in_a_version_allowed(lock: str) -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    pinned = _pinned(CHECKOUT / lock)

    wanted = [Requirement(dependency) for dependency in project["dependencies"]]

    assert [str(one) for one in wanted if pinned.get(canonicalize_name(one.name), "0") not in one.specifier] == []


def test_the_locks_agree() -> None:
    everything = _pinned(CHECKOUT / "requirements-dev.lock").items()

    assert _pinned(CHECKOUT / "requirements.lock").items() <= everything
    assert _pinned(CHECKOUT / "requirements-build.lock").items() <= everything


def _pinned(lock: Path) -> dict[str, str]:
    lines = [line.split(" ")[0] for line in lock.read_text().splitlines() if line and line[0] not in " #-"]
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


def _files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
