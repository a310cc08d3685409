"""Users and capabilities that the commands of RUN leave in an image."""

import pytest

from mooring.compose import dockerfile
from mooring.compose.dockerfile.facts import ImageFacts


def image(*lines: str, base: str = "base") -> ImageFacts:
    text = "\n".join([f"FROM {base}", *lines]) + "\n"
    return dockerfile.read(text.encode(), "Dockerfile").image


@pytest.mark.parametrize(
    ("lines", "accounts"),
    [
        pytest.param(["RUN useradd -u 1001 app"], {"app": 1001}, id="useradd"),
        pytest.param(["RUN useradd -rmu 1001 -s /bin/bash app"], {"app": 1001}, id="joined"),
        pytest.param(
            ["RUN useradd --uid=1001 --gid 5 --shell /bin/sh app"], {"app": 1001}, id="long-options"
        ),
        pytest.param(["RUN adduser -D -u 1001 app"], {"app": 1001}, id="adduser-of-busybox"),
        pytest.param(["RUN adduser -S nextjs -u 1001"], {"nextjs": 1001}, id="the-name-first"),
        pytest.param(
            ["RUN addgroup --system --gid 1001 nodejs && adduser --system --uid 1001 nextjs"],
            {"nextjs": 1001},
            id="behind-another-command",
        ),
        pytest.param(
            ["RUN adduser --disabled-password --gecos '' --home /app --uid 1001 app"],
            {"app": 1001},
            id="values-of-options-are-no-names",
        ),
        pytest.param(["ARG UID=1234", "RUN useradd -u $UID app"], {"app": 1234}, id="an-argument"),
        pytest.param(
            ["ENV NAME=app", "RUN useradd -u 7 ${NAME}"], {"app": 7}, id="the-name-from-a-variable"
        ),
        pytest.param(["RUN useradd -u $(id -u) app"], {}, id="what-only-the-shell-knows"),
        pytest.param(["ARG UID", "RUN useradd -u $UID app"], {}, id="an-argument-without-value"),
        pytest.param(["RUN useradd app"], {}, id="without-a-number"),
        pytest.param(["RUN groupadd -g 5 app"], {}, id="a-group"),
        pytest.param(["RUN echo useradd"], {}, id="a-word"),
        pytest.param(
            ["RUN useradd -u 1 a", "RUN useradd -u 2 b"], {"a": 1, "b": 2}, id="several-commands"
        ),
        pytest.param(
            ["RUN useradd -u 1001 app", "FROM other"], {}, id="another-stage-is-another-image"
        ),
        pytest.param(
            ["RUN useradd -u 1001 app", "FROM below AS top"], {"app": 1001}, id="the-stage-below"
        ),
    ],
)
def test_users_that_are_made(lines: list[str], accounts: dict[str, int]) -> None:
    assert image(*lines, base="base AS below").accounts == accounts


@pytest.mark.parametrize(
    ("lines", "capabilities"),
    [
        pytest.param(["RUN setcap cap_net_raw+ep /usr/bin/nmap"], ["NET_RAW"], id="one"),
        pytest.param(
            ["RUN apk add libcap && setcap 'cap_net_raw,cap_net_admin=eip' /usr/bin/nmap"],
            ["NET_RAW", "NET_ADMIN"],
            id="several-in-quotes",
        ),
        pytest.param(["RUN setcap -r /usr/bin/nmap"], [], id="taken-away"),
        pytest.param(["RUN echo cap_net_raw+ep"], [], id="only-said"),
        pytest.param(["RUN setcap " + "cap_" * 500 + " x"], [], id="no-endless-search"),
    ],
)
def test_capabilities_in_files(lines: list[str], capabilities: list[str]) -> None:
    assert list(image(*lines).file_capabilities) == capabilities


@pytest.mark.parametrize(
    ("line", "found"),
    [
        pytest.param("RUN echo 'deb [arch=amd64] http://x y' > a", "arch=amd64", id="apt"),
        pytest.param("RUN curl -O https://x/tool_1.2_amd64.deb", "tool_1.2_amd64.deb", id="a-deb"),
        pytest.param(
            "RUN wget https://x/tool-v1-linux-amd64", "tool-v1-linux-amd64", id="a-program"
        ),
        pytest.param("RUN curl https://x/node-v18-linux-x64.tar.xz", "node-v18-linux-x64.tar.xz",
                     id="x64"),
        pytest.param("RUN curl https://x/tool-linux-$(dpkg --print-architecture)", None,
                     id="it-asks-which-it-is"),
        pytest.param("RUN case x in amd64) a;; arm64) b;; esac; curl x_amd64.deb", None,
                     id="it-knows-another"),
        pytest.param("RUN echo amd64 is nice", None, id="a-word"),
    ],
)  # fmt: skip
def test_programs_for_one_architecture(line: str, found: str | None) -> None:
    signs = {name: sign.value for name, sign in image(line).architectures.items()}
    assert signs == ({"amd64": found} if found else {})
