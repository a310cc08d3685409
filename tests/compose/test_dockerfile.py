"""What a Dockerfile says of the image that it builds."""

from datetime import timedelta

import pytest

from mooring.compose import dockerfile
from mooring.findings import Finding
from mooring.sources import Position

FILE = "api/Dockerfile"


def read(text: str, **options: object) -> dockerfile.DockerfileFacts:
    return dockerfile.read(text.encode(), FILE, **options)  # type: ignore[arg-type]


def image(*lines: str) -> dockerfile.ImageFacts:
    """The image of a stage on an unknown base; its file has no fault."""
    facts = read("\n".join(["FROM base", *lines]) + "\n")
    assert facts.findings == ()
    return facts.image


def refusals(facts: dockerfile.DockerfileFacts) -> list[str]:
    return [
        f"{found.position}: {found.message}"
        for found in facts.findings
        if found.rule == "dockerfile-syntax"
    ]


def by_rule(facts: dockerfile.DockerfileFacts, rule: str) -> list[Finding]:
    return [found for found in facts.findings if found.rule == rule]


@pytest.mark.parametrize(
    ("lines", "ports"),
    [
        pytest.param(["EXPOSE 8080"], ["8080-8080/tcp"], id="tcp-is-the-default-protocol"),
        pytest.param(
            ["EXPOSE 53/udp 53"], ["53-53/udp", "53-53/tcp"], id="protocols-are-two-ports"
        ),
        pytest.param(["EXPOSE 53/UDP"], ["53-53/udp"], id="protocol-in-capitals-is-understood"),
        pytest.param(["EXPOSE 8000-8010"], ["8000-8010/tcp"], id="a-range-stays-a-range"),
        pytest.param(["EXPOSE 80", "EXPOSE 80/tcp"], ["80-80/tcp"], id="same-port-counts-once"),
        pytest.param(["expose 80"], ["80-80/tcp"], id="instruction-in-small-letters"),
        pytest.param(["EXPOSE 8080:80"], ["80-80/tcp"], id="host-part-is-ignored-as-docker-does"),
        pytest.param(
            ["ENV PORT=3000", "EXPOSE $PORT"], ["3000-3000/tcp"], id="variable-of-ENV-is-replaced"
        ),
        pytest.param(
            ["ARG PORT=3000", "EXPOSE ${PORT}/udp"],
            ["3000-3000/udp"],
            id="default-of-ARG-is-replaced",
        ),
        pytest.param(
            ["EXPOSE ${PORT:-5000}"], ["5000-5000/tcp"], id="default-in-the-variable-is-taken"
        ),
        pytest.param(
            ['ENV PORTS="80 443"', "EXPOSE $PORTS"],
            ["80-80/tcp", "443-443/tcp"],
            id="variable-may-hold-several-ports",
        ),
    ],
)
def test_exposed_ports(lines: list[str], ports: list[str]) -> None:
    found = [f"{port.first}-{port.last}/{port.protocol}" for port in image(*lines).ports]
    assert found == ports


@pytest.mark.parametrize(
    ("lines", "working_dir"),
    [
        pytest.param(["WORKDIR /app"], "/app", id="absolute"),
        pytest.param(["WORKDIR /app", "WORKDIR src"], "/app/src", id="relative-goes-on"),
        pytest.param(["WORKDIR /app/src", "WORKDIR ../lib"], "/app/lib", id="dots-are-resolved"),
        pytest.param(["WORKDIR /app/"], "/app", id="trailing-slash-means-nothing"),
        pytest.param(["WORKDIR app"], "app", id="relative-to-the-base-stays-relative"),
        pytest.param(["ENV HOME=/srv", "WORKDIR $HOME/x"], "/srv/x", id="variable-is-replaced"),
        pytest.param(["WORKDIR /a b"], "/a b", id="blanks-belong-to-the-path"),
        pytest.param(["WORKDIR C:\\app"], "C:app", id="backslash-escapes-unless-told-otherwise"),
    ],
)
def test_working_directory(lines: list[str], working_dir: str) -> None:
    found = image(*lines).working_dir
    assert found is not None
    assert found.value == working_dir


def test_working_directory_in_scratch_starts_at_the_root() -> None:
    found = read("FROM scratch\nWORKDIR app\n").image.working_dir
    assert found is not None
    assert found.value == "/app"


@pytest.mark.parametrize(
    ("lines", "entrypoint", "command"),
    [
        pytest.param([], None, None, id="neither-is-said"),
        pytest.param(['CMD ["a", "b"]'], None, ("a", "b"), id="exec-form"),
        pytest.param(["CMD a b"], None, ("/bin/sh", "-c", "a b"), id="shell-form"),
        pytest.param(
            ['SHELL ["/bin/bash", "-ec"]', "CMD a"],
            None,
            ("/bin/bash", "-ec", "a"),
            id="shell-form-uses-the-SHELL-before-it",
        ),
        pytest.param(
            ["CMD a", 'SHELL ["/bin/bash", "-ec"]'],
            None,
            ("/bin/sh", "-c", "a"),
            id="SHELL-does-not-act-backwards",
        ),
        pytest.param(['ENTRYPOINT ["e"]'], ("e",), (), id="ENTRYPOINT-clears-the-CMD-of-the-base"),
        pytest.param(
            ["CMD a", 'ENTRYPOINT ["e"]'],
            ("e",),
            ("/bin/sh", "-c", "a"),
            id="ENTRYPOINT-keeps-the-CMD-of-its-stage",
        ),
        pytest.param(["ENTRYPOINT []"], (), (), id="empty-list-clears-the-entrypoint"),
        pytest.param(["CMD []"], None, (), id="empty-list-clears-the-command"),
        pytest.param(["CMD a", 'CMD ["b"]'], None, ("b",), id="last-one-counts"),
        pytest.param(
            ['CMD ["$HOME"]'], None, ("$HOME",), id="variables-are-left-for-the-container"
        ),
        pytest.param(["CMD"], None, ("/bin/sh", "-c", ""), id="CMD-alone-is-an-empty-shell"),
        pytest.param(
            ["CMD [ -f /x ] && run"],
            None,
            ("/bin/sh", "-c", "[ -f /x ] && run"),
            id="bracket-of-the-shell-is-no-list",
        ),
    ],
)
def test_entrypoint_and_command(
    lines: list[str], entrypoint: tuple[str, ...] | None, command: tuple[str, ...] | None
) -> None:
    found = image(*lines)
    assert (found.entrypoint and found.entrypoint.arguments) == entrypoint
    assert (found.command and found.command.arguments) == command


def test_forms_are_told_apart() -> None:
    found = image('ENTRYPOINT ["a"]', "CMD b")
    assert found.entrypoint is not None
    assert found.command is not None
    assert found.entrypoint.form is dockerfile.Form.EXEC
    assert found.command.form is dockerfile.Form.SHELL


@pytest.mark.parametrize(
    ("line", "check"),
    [
        pytest.param("HEALTHCHECK NONE", {"test": ("NONE",)}, id="switched-off"),
        pytest.param(
            "HEALTHCHECK CMD curl -f http://localhost/",
            {"test": ("CMD-SHELL", "curl -f http://localhost/")},
            id="shell-form",
        ),
        pytest.param(
            'HEALTHCHECK CMD ["curl", "-f"]', {"test": ("CMD", "curl", "-f")}, id="exec-form"
        ),
        pytest.param(
            "HEALTHCHECK --interval=1m30s --timeout=1.5s --start-period=2m"
            " --start-interval=500ms --retries=5 CMD true",
            {
                "test": ("CMD-SHELL", "true"),
                "interval": timedelta(seconds=90),
                "timeout": timedelta(seconds=1.5),
                "start_period": timedelta(minutes=2),
                "start_interval": timedelta(milliseconds=500),
                "retries": 5,
            },
            id="all-options",
        ),
        pytest.param(
            "HEALTHCHECK --interval=5s \\\n  CMD true",
            {"test": ("CMD-SHELL", "true"), "interval": timedelta(seconds=5)},
            id="command-in-the-next-line",
        ),
        pytest.param("healthcheck none", {"test": ("NONE",)}, id="small-letters"),
    ],
)
def test_healthcheck(line: str, check: dict[str, object]) -> None:
    position = Position(FILE, 2, 1)
    assert image(line).healthcheck == dockerfile.HealthCheck(position=position, **check)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lines", "environment"),
    [
        pytest.param(["ENV A=1 B=2"], {"A": "1", "B": "2"}, id="several-in-one-line"),
        pytest.param(["ENV A some words"], {"A": "some words"}, id="old-form-takes-the-line"),
        pytest.param(['ENV A="b c" D=e\\ f'], {"A": "b c", "D": "e f"}, id="quotes-and-escapes"),
        pytest.param(["ENV A='$B'"], {"A": "$B"}, id="single-quotes-keep-the-dollar"),
        pytest.param(["ENV A=1", "ENV B=$A/x"], {"A": "1", "B": "1/x"}, id="earlier-value-is-used"),
        pytest.param(
            ["ENV A=1", "ENV A=2 B=$A"],
            {"A": "2", "B": "1"},
            id="one-instruction-sees-the-values-from-before-it",
        ),
        pytest.param(["ARG V=1", "ENV A=$V"], {"A": "1"}, id="ARG-is-no-environment"),
        pytest.param(["ENV A=${B:-x} C=${D-y}"], {"A": "x", "C": "y"}, id="defaults"),
        pytest.param(
            ["ENV A=", "ENV B=${A:-x} C=${A-y}"],
            {"A": "", "B": "x", "C": ""},
            id="colon-counts-empty-as-unset",
        ),
        pytest.param(
            ["ENV A=1", "ENV B=${A:+x} C=${D:+x}"],
            {"A": "1", "B": "x", "C": ""},
            id="replacement-if-set",
        ),
        pytest.param(["ENV A=1", "ENV B=${A:+${A}0}"], {"A": "1", "B": "10"}, id="nested"),
        pytest.param(
            ["ENV A=a.tar.gz", "ENV B=${A%.*} C=${A%%.*} D=${A#*.} E=${A/tar/zip}"],
            {"A": "a.tar.gz", "B": "a.tar", "C": "a", "D": "tar.gz", "E": "a.zip.gz"},
            id="patterns",
        ),
        pytest.param(["ENV A=\\$B"], {"A": "$B"}, id="escaped-dollar"),
        pytest.param(["ENV A=x # no comment"], None, id="hash-in-a-line-is-no-comment"),
    ],
)
def test_environment(lines: list[str], environment: dict[str, str] | None) -> None:
    facts = read("\n".join(["FROM base", *lines]))
    if environment is None:
        assert refusals(facts) == [f'{FILE}:2:9: "#" is not of the form NAME=value']
    else:
        assert facts.findings == ()
        values = {name: text.value for name, text in facts.image.environment.items()}
        assert values == environment


def test_what_only_the_base_image_knows_stays_and_is_named() -> None:
    found = image("ENV PATH=/app/bin:$PATH", "ENV COPY=${PATH}:/x").environment
    assert found["PATH"].value == "/app/bin:${PATH}"
    assert found["PATH"].unknown == ("PATH",)
    assert found["COPY"].value == "/app/bin:${PATH}:/x"
    assert found["COPY"].unknown == ("PATH",)


def test_path_of_scratch_is_known() -> None:
    found = read("FROM scratch\nENV PATH=/app:$PATH\n").image.environment["PATH"]
    assert found.unknown == ()
    assert found.value == "/app:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def test_labels_and_volumes_and_the_rest() -> None:
    found = image(
        'LABEL org.example.name="a b" version=1',
        "LABEL maintainer somebody else",
        'VOLUME ["/data", "/with blank"]',
        "VOLUME /logs /data",
        "USER 1000:1000",
        "STOPSIGNAL SIGQUIT",
        "MAINTAINER somebody",
        'SHELL ["/bin/bash", "-c"]',
    )
    assert {name: text.value for name, text in found.labels.items()} == {
        "org.example.name": "a b",
        "version": "1",
        "maintainer": "somebody else",
    }
    assert [volume.value for volume in found.volumes] == ["/data", "/with blank", "/logs"]
    assert found.user == dockerfile.Text("1000:1000", Position(FILE, 6, 6))
    assert found.stop_signal is not None
    assert found.stop_signal.value == "SIGQUIT"
    assert found.shell == ("/bin/bash", "-c")


@pytest.mark.parametrize(
    ("lines", "destination", "absolute"),
    [
        pytest.param(["COPY a /b"], "/b", True, id="file-or-directory"),
        pytest.param(["COPY a b /c/"], "/c/", True, id="directory"),
        pytest.param(["WORKDIR /app", "COPY . ."], "/app/", True, id="dot-is-the-directory"),
        pytest.param(["WORKDIR /app", "COPY a conf/b"], "/app/conf/b", True, id="relative"),
        pytest.param(["COPY . ."], "./", False, id="unknown-directory-of-the-base"),
        pytest.param(["ENV D=/d", "ADD a ${D}/"], "/d/", True, id="variable"),
        pytest.param(['COPY ["a b", "/c d"]'], "/c d", True, id="list-with-blanks"),
    ],
)
def test_copy_destination(lines: list[str], destination: str, absolute: bool) -> None:
    (copy,) = image(*lines).copies
    assert copy.destination.value == destination
    assert copy.absolute is absolute


def test_copy_tells_its_source_and_owner() -> None:
    facts = read(
        "FROM go AS build\nFROM base\n"
        "COPY --from=build --chown=app:app --chmod=755 /out/a /out/b /bin/\n"
        "COPY <<run.sh /run.sh\necho hello\nrun.sh\n"
    )
    assert facts.findings == ()
    binaries, script = facts.image.copies
    assert binaries.sources == ("/out/a", "/out/b")
    assert (binaries.stage, binaries.owner, binaries.mode) == ("build", "app:app", "755")
    assert (script.sources, script.inline) == ((), ("run.sh",))


def test_arguments_and_their_scopes() -> None:
    facts = read(
        "ARG VERSION=3.12\nARG UNUSED\nFROM python:${VERSION}-slim\nARG VERSION\nARG OWN=a\n"
        "LABEL version=$VERSION unused=${UNUSED:-none}\n",
        build_args={"OWN": "b", "UNUSED": None},
    )
    assert facts.findings == ()
    assert [(found.name, found.value) for found in facts.arguments] == [
        ("VERSION", "3.12"),
        ("UNUSED", None),
    ]
    (stage,) = facts.stages
    assert stage.base.value == "python:3.12-slim"
    assert [(found.name, found.value) for found in stage.arguments] == [
        ("VERSION", "3.12"),
        ("OWN", "b"),
    ]
    assert facts.image.labels["version"].value == "3.12"
    assert facts.image.labels["unused"].value == "none"


def test_build_argument_beats_the_default() -> None:
    facts = read("ARG TAG=1\nFROM app:$TAG\n", build_args={"TAG": "2"})
    assert facts.stages[0].base.value == "app:2"
    default = facts.arguments[0].default
    assert default is not None
    assert default.value == "1"


def test_global_argument_is_not_seen_in_a_stage_that_does_not_declare_it() -> None:
    found = read("ARG A=1\nFROM base\nENV B=${A:-unset}\n").image.environment["B"]
    assert found.value == "unset"


STAGES = """\
FROM --platform=$BUILDPLATFORM golang:1.22 AS Build
WORKDIR /src
ENV CGO_ENABLED=0
EXPOSE 1
FROM base AS common
ENV LANG=C.UTF-8
USER app
WORKDIR /srv
EXPOSE 80
CMD ["common"]
HEALTHCHECK CMD true
FROM common AS web
WORKDIR www
EXPOSE 443
ENTRYPOINT ["web"]
FROM common AS worker
COPY --from=build /src/worker /usr/bin/worker
CMD ["worker"]
"""


def test_stages() -> None:
    facts = read(STAGES)
    assert facts.findings == ()
    assert [(stage.name, stage.base.value, stage.base_stage) for stage in facts.stages] == [
        ("build", "golang:1.22", None),
        ("common", "base", None),
        ("web", "common", 1),
        ("worker", "common", 1),
    ]
    platform = facts.stages[0].platform
    assert platform is not None
    assert platform.unknown == ("BUILDPLATFORM",)


def test_last_stage_is_built_and_inherits() -> None:
    facts = read(STAGES)
    found = facts.image
    assert facts.target == 3
    assert found.base is not None
    assert found.base.value == "base"
    assert list(found.environment) == ["LANG"]
    assert found.user is not None
    assert found.user.value == "app"
    assert found.working_dir is not None
    assert found.working_dir.value == "/srv"
    assert [port.first for port in found.ports] == [80]
    assert found.command is not None
    assert found.command.words == ("worker",)
    assert found.healthcheck is not None


def test_target_stage_is_built() -> None:
    facts = read(STAGES, target="WEB")
    found = facts.image
    assert facts.target == 2
    assert found.working_dir is not None
    assert found.working_dir.value == "/srv/www"
    assert [port.first for port in found.ports] == [80, 443]
    assert found.command is not None
    assert found.command.words == ()
    assert found.copies == ()


def test_missing_target_has_no_image_and_a_suggestion() -> None:
    facts = read(STAGES, target="wrker")
    assert facts.target is None
    assert facts.image == dockerfile.ImageFacts()
    (found,) = facts.findings
    assert (found.message, found.remedy) == ("there is no stage wrker", 'did you mean "worker"?')


def test_onbuild_acts_in_the_next_stage_only() -> None:
    text = "FROM base AS a\nONBUILD EXPOSE 80\nONBUILD USER app\nFROM a AS b\nFROM b\n"
    first = read(text, target="a").image
    assert [trigger.value for trigger in first.triggers] == ["EXPOSE 80", "USER app"]
    assert first.ports == ()
    second = read(text, target="b").image
    assert [port.first for port in second.ports] == [80]
    assert second.triggers == ()
    assert [port.first for port in read(text).image.ports] == [80]


def test_additional_context_takes_the_place_of_a_base_image() -> None:
    facts = read("FROM base\nUSER app\n", contexts={"base": "docker-image://alpine:3"})
    assert facts.findings == ()
    assert facts.image.base is not None
    assert facts.image.base.value == "alpine:3"
    assert facts.image.user is not None


def test_additional_context_takes_the_place_of_a_stage() -> None:
    facts = read("FROM base AS x\nUSER app\nFROM x\n", contexts={"x": "../other"})
    assert facts.image.user is None
    (found,) = facts.findings
    assert found.rule == "dockerfile-unknown-value"
    assert found.message == "the base base is the additional build context ../other: not read"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "1:1: the Dockerfile has no instructions", id="empty-file"),
        pytest.param("# nothing\n", "1:1: the Dockerfile has no instructions", id="just-comments"),
        pytest.param("ARG A=1\n", "1:1: the Dockerfile has no FROM", id="no-FROM"),
        pytest.param(
            "RUN x\n", "1:1: RUN stands before the first FROM", id="instruction-before-FROM"
        ),
        pytest.param("FROM a b\n", "1:1: FROM takes an image, or an image AS a name", id="FROM"),
        pytest.param('FROM a AS "b"\n', '1:11: ""b"" cannot name a stage', id="stage-name"),
        pytest.param(
            "FROM $X\n", '1:6: the base image $X comes out as "": X has no value', id="blank-base"
        ),
        pytest.param(
            "ARG T\nFROM a:$T\n",
            '2:6: the base image a:$T comes out as "a:": T has no value',
            id="blank-tag",
        ),
        pytest.param(
            "FROM Alpine\n",
            '1:6: the base image Alpine comes out as "Alpine", which names no image',
            id="image-in-capitals",
        ),
        pytest.param("FROM a\nFOO b\n", "2:1: FOO is no instruction", id="unknown-instruction"),
        pytest.param("FROM a\nEXPOSE x\n", '2:8: "x" is no port', id="word-as-port"),
        pytest.param("FROM a\nEXPOSE 70000\n", '2:8: "70000" is no port', id="port-too-high"),
        pytest.param("FROM a\nEXPOSE 9-8\n", '2:8: "9-8" is no port', id="reversed-range"),
        pytest.param(
            "FROM a\nEXPOSE 80/http\n", '2:8: "80/http" has the protocol http', id="protocol"
        ),
        pytest.param("FROM a\nENV A\n", '2:1: ENV A sets "A" to nothing', id="ENV-without-value"),
        pytest.param("FROM a\nENV\n", "2:1: ENV has no arguments", id="ENV-alone"),
        pytest.param(
            "FROM a\nENV A=1 \\\n    B\n",
            '3:5: "B" is not of the form NAME=value',
            id="position-is-in-the-continuation-line",
        ),
        pytest.param('FROM a\nENV A="b\n', "2:1: ENV: a double quote is not closed", id="quote"),
        pytest.param("FROM a\nENV A=${B\n", '2:1: ENV: "}" is missing', id="brace"),
        pytest.param(
            "FROM scratch\nENV A=${B:?tell}\n", "2:1: ENV: B: tell", id="required-variable"
        ),
        pytest.param(
            "FROM a\nENV A=${B^^}\n",
            '2:1: ENV: "^" in "${B^" is no modifier',
            id="modifier-of-bash",
        ),
        pytest.param(
            'FROM a\nCMD ["a", 1]\n',
            "2:1: the JSON array holds something else than texts",
            id="number-in-a-list",
        ),
        pytest.param(
            "FROM a\nHEALTHCHECK curl x\n",
            '2:1: HEALTHCHECK "CURL" is neither NONE nor CMD',
            id="healthcheck-without-CMD",
        ),
        pytest.param(
            "FROM a\nHEALTHCHECK --interval=5 CMD x\n",
            '2:1: --interval is "5", not a duration',
            id="interval-without-unit",
        ),
        pytest.param(
            "FROM a\nCOPY --form=b c d\n", "2:1: COPY has no flag --form", id="unknown-flag"
        ),
        pytest.param(
            "FROM a\nCOPY x\n", "2:1: COPY needs a source and a destination", id="COPY-alone"
        ),
        pytest.param(
            "FROM a AS b\nCOPY --from=b x y\n",
            "2:1: COPY takes from stage b, which does not come before it",
            id="copy-from-itself",
        ),
        pytest.param("FROM a\nSTOPSIGNAL NOW\n", '2:1: "NOW" is no signal', id="signal"),
        pytest.param(
            "FROM a\nSHELL bash\n",
            "2:1: SHELL needs its arguments as a JSON array",
            id="shell-is-a-list",
        ),
        pytest.param(
            "FROM a\nONBUILD FROM b\n", "2:1: ONBUILD FROM is not allowed", id="ONBUILD-FROM"
        ),
        pytest.param(
            "FROM a\nRUN cat <<EOF\nx\n",
            "2:1: the here-document EOF has no end",
            id="open-here-document",
        ),
        pytest.param("# escape=x\nFROM a\n", '1:1: "x" cannot be the escape character', id="esc"),
    ],
)
def test_refusals(text: str, message: str) -> None:
    assert refusals(read(text)) == [f"{FILE}:{message}"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("FROM A/b\n", id="registry-in-capitals"),
        pytest.param("FROM registry:5000/a_b/c--d:1.0_x@sha256:" + "0" * 64, id="full-reference"),
        pytest.param("ARG S\nFROM a$S\n", id="empty-part-of-a-base"),
        pytest.param("FROM a\nONBUILD FOO\n", id="unknown-trigger-until-it-acts"),
        pytest.param("FROM a\nEXPOSE +80\n", id="signed-port"),
        pytest.param("FROM a\nSTOPSIGNAL RTMIN+3\n", id="realtime-signal"),
        pytest.param("FROM a\nHEALTHCHECK --interval=0 CMD x\n", id="zero-means-the-default"),
        pytest.param("FROM a\nRUN <<A <<B\nFOO\nA\nBAR\nB\n", id="two-here-documents"),
        pytest.param("FROM a\nRUN echo $((1<<2))\n", id="shift-is-no-here-document"),
        pytest.param('FROM a\nRUN ["cat", "<<EOF"]\n', id="here-document-in-a-list-is-none"),
    ],
)
def test_odd_but_legal(text: str) -> None:
    assert refusals(read(text)) == []


def test_all_faults_are_found_at_once_and_the_rest_is_read() -> None:
    facts = read("FROM a\nEXPOSE x 80 y\nENV A\nUSER app\nWRKDIR /x\n")
    assert refusals(facts) == [
        f'{FILE}:2:8: "x" is no port',
        f'{FILE}:3:1: ENV A sets "A" to nothing',
        f"{FILE}:5:1: WRKDIR is no instruction",
    ]
    assert facts.findings[-1].remedy == 'did you mean "WORKDIR"?'
    assert facts.image.user is not None


def test_fault_in_a_stage_that_is_not_built_matters_only_if_the_parser_meets_it() -> None:
    unused = "FROM a AS unused\nEXPOSE $PORT x\n{}FROM b\n"
    assert read(unused.format("")).findings == ()
    assert refusals(read(unused.format("ENV A\n"))) == [f'{FILE}:3:1: ENV A sets "A" to nothing']


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("EXPOSE $PORT", "the port ${PORT}", id="port"),
        pytest.param("USER $UID", "the user ${UID}", id="user"),
        pytest.param("WORKDIR $HOME/x", "the working directory ${HOME}/x", id="directory"),
        pytest.param("VOLUME $DATA", "the volume ${DATA}", id="volume"),
    ],
)
def test_value_that_the_file_does_not_tell(line: str, message: str) -> None:
    (found,) = by_rule(read(f"FROM base\n{line}\n"), "dockerfile-unknown-value")
    assert found.message.startswith(f"{message} rests on ")
    assert found.remedy is not None


def test_list_with_single_quotes_is_doubtful() -> None:
    facts = read("FROM base\nCMD ['node', 'app.js']\n")
    (found,) = by_rule(facts, "dockerfile-doubtful")
    assert found.position == Position(FILE, 2, 1)
    assert facts.image.command is not None
    assert facts.image.command.form is dockerfile.Form.SHELL
