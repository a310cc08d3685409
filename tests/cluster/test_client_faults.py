"""What the client does when the server, or the way to it, fails."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
from tests.cluster.conformance import config_map, ref_of
from tests.fake_api import FakeApi, Fault, On
from tests.fake_api.seen import Seen

from mooring.cluster import errors
from mooring.cluster.changes import Change, KindName
from mooring.cluster.client import Client
from mooring.cluster.connecting import connected

CONFIG_MAP = KindName("v1", "ConfigMap")
Act = Callable[[Client], Awaitable[object]]


@asynccontextmanager
async def client_of(fake: FakeApi, folder: Path) -> AsyncIterator[Client]:
    """Yield a client of ``fake`` that has asked what it serves."""
    environment = {"KUBECONFIG": str(fake.kubeconfig(folder))}
    async with connected(environment=environment, warn=print) as client:
        await client.serves(CONFIG_MAP)
        yield client


def during(fake: FakeApi, folder: Path, act: Act) -> list[Seen]:
    """Let a client act, and return what the server saw of it after discovery."""

    async def run() -> None:
        async with client_of(fake, folder) as client:
            await act(client)

    asyncio.run(run())
    return [one for one in fake.seen if one.verb not in ("discovery", "other")]


async def _apply(client: Client) -> None:
    await client.apply(config_map("default", x="1"))


async def _create(client: Client) -> None:
    await client.create(config_map("default", x="1"))


async def _replace(client: Client) -> None:
    live = await client.get(ref_of(config_map("default", "there")))
    assert live is not None
    await client.replace({**live, "data": {"x": "2"}})


async def _delete(client: Client) -> None:
    assert await client.delete(ref_of(config_map("default", "there"))) in (True, False)


@pytest.mark.parametrize(
    ("act", "on", "fault", "tries"),
    [
        pytest.param(_apply, "apply", Fault.reset(), 2, id="an-apply-cut-off-is-repeated"),
        pytest.param(
            _apply, "apply", Fault.reset(after_commit=True), 2, id="also-when-it-was-done"
        ),
        pytest.param(_apply, "apply", Fault.status(500), 2, id="after-a-fault-of-the-server"),
        pytest.param(_apply, "apply", Fault.status(503), 2, id="while-it-is-not-there"),
        pytest.param(_apply, "apply", Fault.status(429, retry_after=0), 2, id="while-it-is-busy"),
        pytest.param(
            _create, "create", Fault.status(429), 2, id="a-create-that-was-not-done-is-repeated"
        ),
        pytest.param(
            _delete, "delete", Fault.reset(after_commit=True), 2, id="a-delete-is-repeated"
        ),
    ],
)
def test_what_is_safe_to_repeat_is_repeated(
    tmp_path: Path, act: Act, on: str, fault: Fault, tries: int
) -> None:
    with FakeApi() as fake:
        fake.put(config_map("default", "there"))
        fake.fail(On(verb=on), fault)
        seen = during(fake, tmp_path, act)
        assert len([one for one in seen if one.verb == on]) == tries


class _Over(Exception):
    """Nothing may be written any more."""


@pytest.mark.parametrize("allowed", [0, 1, 2, 3], ids=lambda number: f"asked-{number}-times-before")
@pytest.mark.parametrize("verb", ["apply", "delete"])
def test_nothing_goes_out_once_it_may_not(tmp_path: Path, verb: str, allowed: int) -> None:
    """It is asked before each try and when its body goes out, so two of four are one try."""
    asked: list[None] = []

    def check() -> None:
        if len(asked) == allowed:
            raise _Over
        asked.append(None)

    async def act(client: Client) -> None:
        there = config_map("default", "there", x="1")
        write: Awaitable[object] = (
            client.apply(there, force=True, check=check)
            if verb == "apply"
            else client.delete(ref_of(there), check=check)
        )
        with pytest.raises(_Over):
            await write

    with FakeApi() as fake:
        fake.put(config_map("default", "there"))
        fake.fail(On(verb=verb), Fault.status(429, retry_after=0))
        seen = during(fake, tmp_path, act)
        tries = [one for one in seen if one.verb == verb and one.code]
        assert len(tries) == (1 if allowed > 1 else 0)
        assert not any(one.changed for one in tries)


@pytest.mark.parametrize(
    ("act", "on", "fault"),
    [
        pytest.param(_create, "create", Fault.reset(), id="a-create-that-was-lost"),
        pytest.param(_create, "create", Fault.reset(after_commit=True), id="one-that-was-done"),
        pytest.param(_replace, "replace", Fault.reset(after_commit=True), id="a-replace"),
    ],
)
def test_what_must_not_be_done_twice_is_told_to_be_unknown(
    tmp_path: Path, act: Act, on: str, fault: Fault
) -> None:
    with FakeApi() as fake:
        fake.put(config_map("default", "there"))
        fake.fail(On(verb=on), fault)
        with pytest.raises(errors.OutcomeUnknown):
            during(fake, tmp_path, act)
        assert len(fake.requests(on)) == 1


@pytest.mark.parametrize(
    ("fault", "kind", "tries"),
    [
        pytest.param(Fault.status(403), errors.Forbidden, 1, id="forbidden"),
        pytest.param(Fault.status(409), errors.Conflict, 1, id="a-conflict"),
        pytest.param(Fault.status(422), errors.Invalid, 1, id="what-cannot-be"),
        pytest.param(Fault.status(500), errors.ServerFault, 4, id="a-webhook-that-keeps-failing"),
    ],
)
def test_a_refusal_is_told_as_what_it_is(
    tmp_path: Path, fault: Fault, kind: type[errors.Refused], tries: int
) -> None:
    with FakeApi() as fake:
        fake.fail(On(verb="apply", times=None), fault)
        with pytest.raises(kind) as caught:
            during(fake, tmp_path, _apply)
        assert len(fake.requests("apply")) == tries
        assert caught.value.exit_status == 3


def test_retry_after_holds_for_all_requests(tmp_path: Path) -> None:
    async def act(client: Client) -> None:
        await client.apply(config_map("default", "first"))
        await client.apply(config_map("default", "second"))

    with FakeApi() as fake:
        fake.fail(On(verb="apply", name="first"), Fault.status(429, retry_after=1))
        started = time.monotonic()
        seen = during(fake, tmp_path, act)
        assert [one.name for one in seen] == ["first", "first", "second"]
        assert time.monotonic() - started >= 1


def test_many_requests_stay_under_the_limit(tmp_path: Path) -> None:
    async def act(client: Client) -> None:
        wanted = [config_map("default", f"n{number}") for number in range(300)]
        await asyncio.gather(*map(client.apply, wanted))

    with FakeApi(delay_seconds=0.005) as fake:
        seen = during(fake, tmp_path, act)
        assert len(seen) == 300
        assert 8 <= fake.peak_in_flight <= 64


def test_a_server_that_was_never_there_is_told_soon(tmp_path: Path) -> None:
    with FakeApi() as fake:
        kubeconfig = str(fake.kubeconfig(tmp_path))
    started = time.monotonic()

    async def run() -> None:
        async with connected(environment={"KUBECONFIG": kubeconfig}, warn=print) as client:
            await client.version()

    with pytest.raises(errors.Unreachable) as caught:
        asyncio.run(run())
    assert time.monotonic() - started < 5
    assert "does not answer" in str(caught.value)
    assert "the context fake" in str(caught.value)


def test_a_list_reads_all_its_pages(tmp_path: Path) -> None:
    with FakeApi(tick_seconds=None) as fake:
        for number in range(1203):
            fake.put(config_map("default", f"n{number:04}"))

        async def act(client: Client) -> None:
            listing = await client.list(CONFIG_MAP)
            names = [one["metadata"]["name"] for one in listing.items]
            assert names == [f"n{number:04}" for number in range(1203)]

        assert len(during(fake, tmp_path, act)) == 3


def test_a_list_that_expires_half_way_is_read_again(tmp_path: Path) -> None:
    with FakeApi(tick_seconds=None) as fake:
        for number in range(600):
            fake.put(config_map("default", f"n{number:04}"))
        fake.fail(On(verb="list", skip=1), Fault.status(410))

        async def act(client: Client) -> None:
            assert len((await client.list(CONFIG_MAP)).items) == 600

        assert len(during(fake, tmp_path, act)) == 4


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault.reset(), id="the-connection-breaks"),
        pytest.param(Fault.status(500), id="the-server-is-at-fault"),
        pytest.param(Fault.status(429), id="the-server-is-busy"),
    ],
)
def test_a_watch_goes_on_where_it_was_cut_off(tmp_path: Path, fault: Fault) -> None:
    with FakeApi() as fake:
        fake.fail(On(verb="watch"), fault)

        async def act(client: Client) -> None:
            since = (await client.list(CONFIG_MAP)).resource_version
            fake.put(config_map("default", "a"))
            async with aclosing(client.watch(CONFIG_MAP, since=since)) as events:  # type: ignore[type-var]
                event = await anext(events)
            assert (event.change, event.item["metadata"]["name"]) == (Change.ADDED, "a")

        during(fake, tmp_path, act)


def test_a_watch_that_is_too_old_is_one_new_list(tmp_path: Path) -> None:
    with FakeApi() as fake:

        async def act(client: Client) -> None:
            since = (await client.list(CONFIG_MAP)).resource_version
            fake.put(config_map("default", "a"))
            fake.drop("ConfigMap", "default", "a")
            fake.put(config_map("default", "b"))
            fake.forget_history()
            async with aclosing(client.watch(CONFIG_MAP, since=since)) as events:  # type: ignore[type-var]
                first = await anext(events)
                fake.put(config_map("default", "c"))
                second = await anext(events)
            assert first.listing is not None
            assert [one["metadata"]["name"] for one in first.listing.items] == ["b"]
            assert (second.change, second.item["metadata"]["name"]) == (Change.ADDED, "c")

        during(fake, tmp_path, act)


def test_a_silent_watch_is_made_again(tmp_path: Path) -> None:
    from mooring.cluster import watching

    with FakeApi() as fake:
        fake.fail(On(verb="watch"), Fault.silent())

        async def act(client: Client) -> None:
            since = (await client.list(CONFIG_MAP)).resource_version
            fake.put(config_map("default", "a"))
            query = watching.Query(CONFIG_MAP, None, None, metadata_only=True)
            changes = watching.changes(
                client._connection, query, client._discovery, since, silence_seconds=0.3
            )
            async with aclosing(changes) as events:  # type: ignore[type-var]
                event = await anext(events)
            assert event.item["metadata"]["name"] == "a"
            assert "data" not in event.item

        seen = during(fake, tmp_path, act)
        assert len([one for one in seen if one.verb == "watch"]) == 2


def test_watches_take_no_place_among_requests(tmp_path: Path) -> None:
    with FakeApi() as fake:

        async def act(client: Client) -> None:
            async def watch() -> None:
                async for _ in client.watch(CONFIG_MAP, since="1"):
                    pass

            watches = [asyncio.create_task(watch()) for _ in range(80)]
            while len(fake.requests("watch")) < 80:
                await asyncio.sleep(0.01)
            await client.apply(config_map("default"))
            for one in watches:
                one.cancel()

        during(fake, tmp_path, act)


def test_a_refused_token_is_renewed_once_for_all(tmp_path: Path) -> None:
    log = tmp_path / "runs"
    plugin = tmp_path / "plugin"
    plugin.write_text(
        "#!/bin/sh\n"
        f'echo run >> {log}\n'
        f"n=$(wc -l < {log})\n"
        'echo "{\\"kind\\": \\"ExecCredential\\", \\"status\\": {\\"token\\": \\"token-$n\\"}}"\n'
    )  # fmt: skip
    plugin.chmod(0o755)
    with FakeApi() as fake:
        fake.tokens = {"token-1"}
        kubeconfig = fake.kubeconfig(tmp_path)
        text = kubeconfig.read_text().replace(
            '{"token": "token-of-the-fake"}',
            '{"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "./plugin", '
            '"interactiveMode": "Never"}}',
        )
        kubeconfig.write_text(text)

        async def run() -> None:
            environment = {"KUBECONFIG": str(kubeconfig)}
            async with connected(environment=environment, warn=print) as client:
                await client.version()
                fake.tokens = {"token-2"}
                names = [config_map("default", f"n{number}") for number in range(20)]
                await asyncio.gather(*map(client.apply, names))

        asyncio.run(run())
        assert log.read_text().count("run") == 2


def test_a_kind_that_appears_is_found_without_asking_for_it(tmp_path: Path) -> None:
    from tests.cluster.conformance import definition, widget

    with FakeApi() as fake:
        kind = KindName("w.example.com/v1", "Widget")

        async def act(client: Client) -> None:
            with pytest.raises(errors.UnknownKind):
                await client.apply(widget(kind, "default"))
            fake.put(definition("w.example.com"))
            fake.tick()
            await client.apply(widget(kind, "default"))
            fake.drop("CustomResourceDefinition", "", "widgets.w.example.com")
            with pytest.raises(errors.UnknownKind):
                await client.apply(widget(kind, "default"))

        during(fake, tmp_path, act)


def test_what_is_discovered_is_kept_from_run_to_run(tmp_path: Path) -> None:
    with FakeApi() as fake:
        environment = {
            "KUBECONFIG": str(fake.kubeconfig(tmp_path)),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        }

        async def run() -> int:
            before = len(fake.requests("discovery"))
            async with connected(environment=environment, warn=print) as client:
                assert await client.get(ref_of(config_map("default", "absent"))) is None
            return len(fake.requests("discovery")) - before

        assert [asyncio.run(run()) for _ in range(3)] == [2, 0, 0]
        kept = list((tmp_path / "cache").rglob("*.json"))
        assert len(kept) == 1
        kept[0].write_bytes(b"{")
        assert asyncio.run(run()) == 2


def test_servers_that_do_not_aggregate_are_asked_group_by_group(tmp_path: Path) -> None:
    with FakeApi(aggregated=False) as fake:

        async def act(client: Client) -> None:
            assert await client.serves(KindName("apps/v1", "Deployment"))
            assert not await client.is_namespaced(KindName("v1", "Namespace"))

        during(fake, tmp_path, act)
