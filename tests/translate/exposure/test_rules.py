"""Rules of Traefik's routers, read into hosts and paths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.app.exposure import EVERYTHING, PathMatch
from mooring.translate.exposure import places, rules
from mooring.translate.exposure.places import Place
from mooring.translate.exposure.rules import Matcher, RuleError

API = PathMatch("/api")


def _host(*values: str, negated: bool = False) -> Matcher:
    return Matcher(name="host", values=values, negated=negated)


def _prefix(*values: str, negated: bool = False) -> Matcher:
    return Matcher(name="pathprefix", values=values, negated=negated)


@pytest.mark.parametrize(
    ("rule", "alternatives"),
    [
        pytest.param("Host(`a.com`)", ((_host("a.com"),),), id="one-matcher"),
        pytest.param('Host("a.com")', ((_host("a.com"),),), id="double-quotes"),
        pytest.param("host(`a.com`)", ((_host("a.com"),),), id="small-letters"),
        pytest.param("Host(`a.com`, `b.com`)", ((_host("a.com", "b.com"),),), id="two-values"),
        pytest.param(
            "Host(`a`)&&PathPrefix(`/x`)", ((_host("a"), _prefix("/x")),), id="and-without-blanks"
        ),
        pytest.param("Host(`a`) || Host(`b`)", ((_host("a"),), (_host("b"),)), id="or"),
        pytest.param(
            "Host(`a`) && (PathPrefix(`/x`) || PathPrefix(`/y`))",
            ((_host("a"), _prefix("/x")), (_host("a"), _prefix("/y"))),
            id="parentheses-multiply-out",
        ),
        pytest.param(
            "Host(`a`) || Host(`b`) && PathPrefix(`/x`)",
            ((_host("a"),), (_host("b"), _prefix("/x"))),
            id="and-binds-closer-than-or",
        ),
        pytest.param(
            "!(Host(`a`) && PathPrefix(`/x`))",
            ((_host("a", negated=True),), (_prefix("/x", negated=True),)),
            id="not-of-both-is-either-not",
        ),
        pytest.param("!!Host(`a`)", ((_host("a"),),), id="not-not"),
        pytest.param(
            "Method(`GET`, `HEAD`)",
            ((Matcher(name="method", values=("GET", "HEAD")),),),
            id="another-matcher",
        ),
    ],
)
def test_a_rule_has_alternatives(rule: str, alternatives: tuple[rules.Alternative, ...]) -> None:
    assert rules.parse(rule) == alternatives


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        pytest.param("", "it has its end where the name of a matcher must stand", id="nothing"),
        pytest.param("Host(`a`", 'it has its end where "," must stand', id="an-open-parenthesis"),
        pytest.param("Host:a.com", "it has ':a.com' where no rule can have it", id="version-1"),
        pytest.param("Host(`a`) Host(`b`)", "it goes on with 'Host' after its end", id="no-join"),
        pytest.param("(" * 99, "its parentheses are too deep", id="deep"),
        pytest.param(
            " && ".join(["(Host(`a`) || Host(`b`))"] * 9),
            "it has too many alternatives",
            id="a-product-that-nobody-means",
        ),
    ],
)
def test_what_is_no_rule_is_told(rule: str, why: str) -> None:
    with pytest.raises(RuleError) as caught:
        rules.parse(rule)
    assert str(caught.value) == why


WORDS = st.sampled_from(
    (
        *("Host", "PathPrefix", "HostRegexp", "Path", "Query", "(", ")", "&&", "||", "!", ","),
        *("`a.b`", "`/x`", "`{s:.+}.a`", '"/"', " ", "`"),
    )
)


@given(st.lists(WORDS, max_size=20).map("".join) | st.text(max_size=30))
def test_any_text_is_a_rule_or_is_refused(text: str) -> None:
    try:
        reading = places.read_rule(text)
    except RuleError:
        return
    for place in reading.places:
        assert place.paths
        assert all(path.path.startswith("/") for path in place.paths)


@pytest.mark.parametrize(
    ("rule", "found", "closed"),
    [
        pytest.param("Host(`A.com`)", (Place(hosts=("a.com",)),), 0, id="hosts-in-small-letters"),
        pytest.param(
            "Host(`a.com`) || Host(`b.com`)",
            (Place(hosts=("a.com", "b.com")),),
            0,
            id="hosts-of-the-same-paths-are-one-place",
        ),
        pytest.param(
            "Host(`a.com`) && (PathPrefix(`/api`) || Path(`/ui`))",
            (Place(hosts=("a.com",), paths=(API, PathMatch("/ui", exact=True))),),
            0,
            id="paths-of-the-same-host-are-one-place",
        ),
        pytest.param(
            "Host(`a.com`) || (Host(`b.com`) && PathPrefix(`/api`))",
            (Place(hosts=("a.com",)), Place(hosts=("b.com",), paths=(API,))),
            0,
            id="other-paths-are-another-place",
        ),
        pytest.param("PathPrefix(`/api`)", (Place(paths=(API,)),), 0, id="every-host"),
        pytest.param(
            "PathPrefix(`/api`) && Path(`/api/x`)",
            (Place(paths=(PathMatch("/api/x", exact=True),)),),
            0,
            id="the-narrower-of-two-paths",
        ),
        pytest.param("Path(`/a`) && Path(`/b`)", (), 0, id="no-request-fits"),
        pytest.param("Host(`a.com`) && Host(`b.com`)", (), 0, id="no-host-is-two"),
        pytest.param(
            "Host(`a.com`) && Method(`GET`)", (), 1, id="what-no-ingress-can-ask-stays-closed"
        ),
        pytest.param(
            "Host(`a.com`) && !PathPrefix(`/admin`)", (), 1, id="an-exception-stays-closed"
        ),
        pytest.param(
            "Host(`a.com`) || ClientIP(`10.0.0.0/8`)",
            (Place(hosts=("a.com",)),),
            1,
            id="one-of-two-stays-closed",
        ),
        pytest.param("PathPrefix(`/{id:[0-9]+}`)", (), 1, id="a-pattern-of-paths"),
        pytest.param("Host(`cube.`)", (Place(hosts=("cube.",)),), 0, id="an-unfinished-host"),
        pytest.param("Host(``)", (Place(hosts=("",)),), 0, id="no-host-at-all-is-not-every-host"),
    ],
)
def test_what_an_ingress_can_say_of_a_rule(
    rule: str, found: tuple[Place, ...], closed: int
) -> None:
    reading = places.read_rule(rule)
    assert (reading.places, len(reading.closed)) == (found, closed)
    assert all(place.paths for place in reading.places)
    assert (PathMatch("/"),) == EVERYTHING


@pytest.mark.parametrize(
    ("pattern", "hosts"),
    [
        pytest.param("{sub:[a-z0-9-]+}.example.com", ("*.example.com",), id="version-2"),
        pytest.param("{sub}.example.com", ("*.example.com",), id="version-2-without-a-pattern"),
        pytest.param(r"^[^.]+\.example\.com$", ("*.example.com",), id="one-label"),
        pytest.param(r"^.+\.example\.com$", ("*.example.com",), id="anything-before"),
        pytest.param(
            r"^(app|www)\.example\.com$", ("app.example.com", "www.example.com"), id="a-choice"
        ),
        pytest.param(r"example\.com", ("example.com",), id="a-literal"),
        pytest.param(r"^tenant-[0-9]+\.example\.com$", (), id="part-of-a-label-is-no-wildcard"),
        pytest.param("{sub:tenant-[0-9]+}.example.com", (), id="nor-is-it-in-version-2"),
        pytest.param(r".*", (), id="everything"),
    ],
)
def test_hosts_of_a_pattern(pattern: str, hosts: tuple[str, ...]) -> None:
    assert places.hosts_of_pattern(pattern) == hosts
