"""What is asked from inside: over HTTP, by a connection, by a pod; and what cannot be asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.deploy.objects import NAMESPACE, Manifest, made, service, workload
from tests.fake_api import FakeApi

from mooring.cluster import connecting, errors
from mooring.cluster.client import Client
from mooring.cluster.execution import Answer, Reached
from mooring.deploy import check_pod, checks, reaching, verify
from mooring.deploy.checks import Checked, Result
from mooring.deploy.view import View
from mooring.errors import ClusterError
from mooring.report import checked_text
from mooring.semantics.objects import ManifestSet

PROBE = {"readinessProbe": {"httpGet": {"path": "/ready", "port": 80}}}


def _workload(**container: Any) -> Manifest:
    return workload("web", pod={"containers": [{"name": "web", "image": "web:1", **container}]})


def _pod(*, is_ready: bool = True) -> Manifest:
    labels = {"app.kubernetes.io/name": "web"}
    ready = {"type": "Ready", "status": "True" if is_ready else "False"}
    return made(
        "Pod",
        "web-1",
        namespace=NAMESPACE,
        labels=labels,
        spec={"containers": [{"name": "web", "image": "web:1"}]},
        status={"phase": "Running", "conditions": [ready],
                "containerStatuses": [{"name": "web", "ready": is_ready, "restartCount": 0}]},
    )  # fmt: skip


def _view(objects: ManifestSet, *pods: Manifest) -> View:
    live = [
        {**item.manifest, "metadata": {**item.manifest["metadata"], "namespace": NAMESPACE}}
        for item in objects
    ]
    return View([*live, *pods])


class Scripted(Client):
    """A cluster that gives the same answer to whoever asks over HTTP or connects."""

    def __init__(self, proxied: Answer | ClusterError, reached: Reached | ClusterError) -> None:
        self._proxied, self._reached = proxied, reached

    async def proxy_get(self, *_: Any, **__: Any) -> Answer:
        if isinstance(self._proxied, ClusterError):
            raise self._proxied
        return self._proxied

    async def reach(self, *_: Any, **__: Any) -> Reached:
        if isinstance(self._reached, ClusterError):
            raise self._reached
        return self._reached


FORBIDDEN = errors.Forbidden("services/proxy is forbidden", code=403)
TIMEOUT = errors.ServerFault(
    "error trying to reach service: dial tcp 10.0.0.7:80: i/o timeout", code=503
)
REFUSED = errors.ServerFault(
    "error trying to reach service: dial tcp 10.0.0.7:80: connect: connection refused", code=503
)
NO_KUBELET = errors.ServerFault("error dialing backend: no route to host", code=500)
OK = Reached(accepts=True, reply=b"HTTP/1.1 200 OK\r\n")
CLOSED = Reached(accepts=False, told="dial tcp4 127.0.0.1:80: connect: connection refused")


@pytest.mark.parametrize(
    ("container", "proxied", "reached", "result", "words"),
    [
        pytest.param(PROBE, Answer(200, b""), OK, Result.HOLDS, "status 200", id="it-answers"),
        pytest.param(PROBE, Answer(401, b""), OK, Result.HOLDS, "status 401", id="it-asks-who"),
        pytest.param(PROBE, Answer(500, b""), OK, Result.FAILS, "status 500", id="it-fails"),
        pytest.param(PROBE, REFUSED, OK, Result.FAILS, "connection refused", id="nobody-listens"),
        pytest.param(
            PROBE, TIMEOUT, OK, Result.HOLDS,
            "asked Pod/web-1 itself, as the API server does not reach it (i/o timeout)",
            id="a-pod-is-asked-where-the-server-cannot",
        ),
        pytest.param(
            PROBE, FORBIDDEN, Reached(accepts=True, reply=b"HTTP/1.0 502 Bad\r\n"), Result.FAILS,
            "status 502", id="a-pod-is-asked-where-we-may-not-use-the-proxy",
        ),
        pytest.param(
            PROBE, FORBIDDEN, FORBIDDEN, Result.FORBIDDEN, "we may not", id="neither-is-allowed"
        ),
        pytest.param(
            PROBE, TIMEOUT, NO_KUBELET, Result.UNTRIED, "no route to host", id="neither-reaches-it"
        ),
        pytest.param(
            PROBE, TIMEOUT, Reached(accepts=True, reply=b"SSH-2.0\n"), Result.FAILS,
            "does not speak HTTP", id="it-speaks-something-else",
        ),
        pytest.param({}, FORBIDDEN, OK, Result.HOLDS, "Pod/web-1 itself", id="somebody-listens"),
        pytest.param({}, FORBIDDEN, CLOSED, Result.FAILS, "connection refused", id="closed"),
        pytest.param({}, OK, NO_KUBELET, Result.UNTRIED, "no route to host", id="not-forwarded"),
    ],
)  # fmt: skip
def test_what_comes_of_asking(
    container: dict[str, Any], proxied: Any, reached: Any, result: Result, words: str
) -> None:
    objects = ManifestSet([service("web"), _workload(**container)], namespace=NAMESPACE)
    client = Scripted(proxied, reached)
    wanted = checks.port_checks(objects)
    (found,) = asyncio.run(reaching.answers(client, wanted, _view(objects, _pod())))
    assert found.result is result
    assert words in found.seen


def test_no_pod_is_asked_that_is_not_ready() -> None:
    objects = ManifestSet([service("web"), _workload()], namespace=NAMESPACE)
    view = _view(objects, _pod(is_ready=False))
    wanted = checks.port_checks(objects)
    (found,) = asyncio.run(reaching.answers(Scripted(FORBIDDEN, OK), wanted, view))
    assert (found.result, found.seen) == (Result.FAILS, "no pod behind it is ready")


PORTS = [{"name": "http", "port": 80}, {"name": "debug", "port": 5678}]


@pytest.mark.parametrize(
    ("spec", "container", "vital"),
    [
        pytest.param({}, {}, [True], id="the-only-port"),
        pytest.param({"ports": PORTS}, {}, [False, False], id="ports-that-nothing-says-more-of"),
        pytest.param({"ports": PORTS}, PROBE, [True, False], id="a-port-that-is-probed"),
        pytest.param(
            {"ports": PORTS},
            {"livenessProbe": {"tcpSocket": {"port": 5678}}},
            [False, True],
            id="a-port-that-is-probed-by-a-connection",
        ),
        pytest.param(
            {"ports": PORTS, "type": "LoadBalancer"}, {}, [True, True], id="ports-open-to-outside"
        ),
    ],
)
def test_which_ports_have_to_be_open(
    spec: dict[str, Any], container: dict[str, Any], vital: list[bool]
) -> None:
    objects = ManifestSet([service("web", **spec), _workload(**container)], namespace=NAMESPACE)
    assert [one.is_vital for one in checks.port_checks(objects)] == vital


def test_a_closed_port_that_need_not_be_open_is_doubtful() -> None:
    objects = ManifestSet([service("web", ports=PORTS), _workload()], namespace=NAMESPACE)
    client = Scripted(FORBIDDEN, CLOSED)
    view = _view(objects, _pod())
    found = asyncio.run(reaching.answers(client, checks.port_checks(objects), view))
    assert {one.result for one in found} == {Result.DOUBTFUL}


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        pytest.param("curl -f http://localhost:80/health || exit 1", "/health", id="curl"),
        pytest.param("wget -q --spider http://127.0.0.1:80/", "/", id="wget"),
        pytest.param("curl -f http://localhost:9000/health", None, id="another-port"),
        pytest.param("curl -f http://other:80/health", None, id="another-host"),
        pytest.param("echo http://localhost:80/health", None, id="nobody-is-asked"),
    ],
)
def test_a_health_check_of_compose_says_what_answers(command: str, asked: str | None) -> None:
    probe = {"readinessProbe": {"exec": {"command": ["sh", "-c", command]}}}
    objects = ManifestSet([service("web"), _workload(**probe)], namespace=NAMESPACE)
    (found,) = checks.port_checks(objects)
    assert (found.http.path if found.http else None) == asked


def test_another_name_for_the_same_pods_is_not_asked_again() -> None:
    objects = ManifestSet(
        [service("web"), made("Service", "alias", spec=service("web")["spec"]), _workload()],
        namespace=NAMESPACE,
    )
    wanted = list(checks.port_checks(objects))
    assert [one.service.name for one in wanted] == ["web", "alias"]
    found = asyncio.run(reaching.answers(Scripted(FORBIDDEN, OK), wanted, _view(objects, _pod())))
    assert [one.ref.name for one in found] == ["web"]


def test_datagrams_are_told_to_be_untried() -> None:
    ports = [{"port": 53, "protocol": "UDP"}]
    objects = ManifestSet([service("web", ports=ports), _workload()], namespace=NAMESPACE)
    view = _view(objects, _pod())
    (found,) = asyncio.run(
        reaching.answers(Scripted(FORBIDDEN, OK), checks.port_checks(objects), view)
    )
    assert found.result is Result.UNTRIED
    text = checked_text.text((found,))
    assert "not tried  Service/web listens at port 53/UDP" in text
    assert text.endswith("0 checks hold, 1 could not be tried from here")


# Through the WebSocket of a server.


@asynccontextmanager
async def _listener(reply: bytes) -> AsyncIterator[int]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if reply.startswith(b"HTTP"):
            await reader.readline()
        writer.write(reply)
        await writer.drain()
        await asyncio.sleep(1)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def _reach(
    tmp_path: Path, reply: bytes | None, ask: Callable[[Client, Any], Awaitable[Reached]]
) -> Reached:
    async def work(fake: FakeApi) -> Reached:
        environment = {"KUBECONFIG": str(fake.kubeconfig(tmp_path)), "HOME": str(tmp_path)}
        async with (
            _listener(reply or b"") as port,
            connecting.connected(context=None, environment=environment, warn=print) as client,
        ):
            if reply is not None:
                fake.forwards[80] = port
            pod = reaching.observed.ref_of(_pod())
            return await ask(client, pod)

    with FakeApi(tick_seconds=None) as fake:
        pod = _pod()
        fake.put(made("Namespace", NAMESPACE))
        fake.put(pod)
        return asyncio.run(work(fake))


def test_a_silent_listener_is_found(tmp_path: Path) -> None:
    found = _reach(tmp_path, b"", lambda client, pod: client.reach(pod, 80, seconds=0.3))
    assert found.accepts


def test_a_closed_port_is_found(tmp_path: Path) -> None:
    found = _reach(tmp_path, None, lambda client, pod: client.reach(pod, 80, seconds=5))
    assert (found.accepts, found.told) == (False, "connection refused")


def test_an_answer_comes_back(tmp_path: Path) -> None:
    reply = b"HTTP/1.1 204 No Content\r\n\r\n"
    found = _reach(
        tmp_path, reply, lambda client, pod: client.reach(pod, 80, said=b"GET /\r\n", seconds=5)
    )
    assert found.reply == reply


# By a pod of its own.


class WithPod(Client):
    """A cluster in which a check pod ends at once and says ``log``; None: it never does."""

    def __init__(self, log: str | None, outside: object = None) -> None:
        self.log, self.outside = log, outside
        self.made: list[Manifest] = []
        self.deleted: list[str] = []

    async def proxy_get(self, *_: Any, **__: Any) -> Answer:
        if isinstance(self.outside, ClusterError):
            raise self.outside
        assert isinstance(self.outside, Answer)
        return self.outside

    async def reach(self, *_: Any, **__: Any) -> Reached:
        raise NO_KUBELET

    async def create(self, manifest: Any, *, dry_run: bool = False) -> Manifest:
        self.made.append(dict(manifest))
        return {**manifest, "metadata": {**manifest["metadata"], "uid": "u-1"}}

    async def get(self, ref: Any) -> Manifest | None:
        if self.log is not None:
            return {"status": {"phase": "Succeeded"}}
        return None

    async def logs(self, *_: Any, **__: Any) -> str:
        return self.log or ""

    async def delete(self, ref: Any, *, uid: str | None = None, **_: Any) -> bool:
        self.deleted.append(f"{ref.name} {uid}")
        return True


POLICY = made(
    "NetworkPolicy",
    "web-closed",
    "networking.k8s.io/v1",
    spec={"podSelector": {}, "policyTypes": ["Ingress"]},
)


def _by_pod(client: WithPod, *more: Manifest, **container: Any) -> Checked:
    objects = ManifestSet([service("web"), _workload(**container), *more], namespace=NAMESPACE)
    wanted = checks.port_checks(objects)
    (found,) = asyncio.run(check_pod.answers(client, wanted, objects, "busybox:1.37"))
    return found


@pytest.mark.parametrize(
    ("log", "more", "result", "words"),
    [
        pytest.param("mooring 0 ok 204 ", (), Result.HOLDS, "status 204", id="it-answers"),
        pytest.param("mooring 0 ok 503 ", (), Result.FAILS, "status 503", id="it-fails"),
        pytest.param("mooring 0 failed no route ", (), Result.FAILS, "no route", id="not-reached"),
        pytest.param(
            "mooring 0 failed no route ", (POLICY,), Result.UNTRIED, "NetworkPolicy/web-closed",
            id="kept-out-by-a-policy",
        ),
        pytest.param(
            "mooring 0 unable the image has no program to ask by http ", (), Result.UNTRIED,
            "no program", id="an-image-without-programs",
        ),
        pytest.param("", (), Result.UNTRIED, "said nothing", id="nothing-was-said"),
    ],
)  # fmt: skip
def test_what_a_check_pod_says(
    log: str, more: tuple[Manifest, ...], result: Result, words: str
) -> None:
    client = WithPod(log)
    found = _by_pod(client, *more, **PROBE)
    assert found.result is result
    assert words in found.seen
    (pod,) = client.made
    assert client.deleted == [f"{pod['metadata']['name']} u-1"]
    assert "ask 0 http 'http://web.shop-dev.svc:80/ready'" in json.dumps(pod)


def test_a_check_pod_that_does_not_end_is_deleted_all_the_same() -> None:
    client = WithPod(None)
    with pytest.raises(ClusterError, match="somebody deleted it"):
        _by_pod(client)
    assert len(client.deleted) == 1


UNABLE = "mooring 0 unable the image has no program to ask by http "


@pytest.mark.parametrize(
    ("log", "outside", "result", "words"),
    [
        pytest.param(
            "mooring 0 ok 204 ", Answer(500, b""), Result.HOLDS,
            "status 204, asked from a check pod",
            id="what a pod was answered is not asked again",
        ),
        pytest.param(
            UNABLE, Answer(200, b""), Result.HOLDS,
            "status 200, asked from outside; from inside: the image has no program",
            id="what its image cannot ask is asked from outside",
        ),
        pytest.param(
            UNABLE, Answer(503, b""), Result.FAILS, "status 503, asked from outside",
            id="outside it may fail as well",
        ),
        pytest.param(
            UNABLE, TIMEOUT, Result.UNTRIED, "the image has no program",
            id="what neither can ask stays untried",
        ),
    ],
)  # fmt: skip
def test_what_a_pod_inside_cannot_try_is_asked_from_outside(
    log: str, outside: object, result: Result, words: str
) -> None:
    objects = ManifestSet([service("web"), _workload(**PROBE)], namespace=NAMESPACE)
    wanted = tuple(checks.port_checks(objects))
    view = _view(objects, _pod())
    client = WithPod(log, outside)
    asked = verify.from_inside(client, wanted, objects, view, "busybox:1.37")
    (found,) = asyncio.run(asked)
    assert found.result is result
    assert found.seen.startswith(words)


def test_what_one_name_of_a_pod_was_answered_is_not_told_of_another() -> None:
    other = {**service("web"), "metadata": {"name": "also-web"}}
    objects = ManifestSet([service("web"), other, _workload(**PROBE)], namespace=NAMESPACE)
    wanted = tuple(checks.port_checks(objects))
    first, second = wanted
    assert first.asks_the_same == second.asks_the_same
    client = WithPod(f"mooring 0 ok 204 \n{UNABLE.replace('0', '1', 1)}", Answer(503, b""))
    asked = verify.from_inside(client, wanted, objects, _view(objects, _pod()), "busybox:1.37")
    assert [one.result for one in asyncio.run(asked)] == [Result.HOLDS, Result.FAILS]
