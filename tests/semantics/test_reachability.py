"""NetworkPolicies let pass and stop what their documentation says, trap by trap."""

import ipaddress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.semantics import manifests
from tests.semantics.manifests import Raw, container, pod, pod_spec, policy, service, workload

from mooring.refs import ObjectRef
from mooring.semantics import addresses, endpoints, kinds
from mooring.semantics.endpoints import INTERNET, Addresses, Endpoint
from mooring.semantics.objects import ManifestSet
from mooring.semantics.reachability import Direction, Doubt, Network, Verdict
from mooring.semantics.selection import Selections
from mooring.semantics.views import Service

PORTS = [
    {"containerPort": 80, "name": "http"},
    {"containerPort": 53, "name": "dns", "protocol": "UDP"},
]
SPEC = pod_spec(container(ports=PORTS))

# shop: web, db, job (host network: node); infra: proxy; free: probe, which no policy touches.
PODS = [
    workload("web", SPEC, labels={"app": "web"}, namespace="shop"),
    workload("db", SPEC, kind="StatefulSet", labels={"app": "db"}, namespace="shop"),
    workload("node", {**SPEC, "hostNetwork": True}, labels={"app": "node"}, namespace="shop"),
    workload("proxy", SPEC, labels={"app": "proxy"}, namespace="infra"),
    workload("probe", SPEC, labels={"app": "probe"}, namespace="free"),
]
NAMESPACES = [
    manifests.namespace("shop", team="a"),
    manifests.namespace("infra", team="b", role="edge"),
    manifests.namespace("free"),
]


def network(*policies: Raw, namespaces: list[Raw] = NAMESPACES) -> Network:
    shop = [{**each, "metadata": {"namespace": "shop", **each["metadata"]}} for each in policies]
    return Network(ManifestSet([*PODS, *namespaces, *shop]))


def pods(found: Network, name: str) -> Endpoint:
    return next(each for each in found.endpoints if each.ref.name == name)


def outside(cidr: str) -> Addresses:
    return Addresses(addresses.parse_all([cidr]))


def ask(found: Network, way: str, port: int = 80, protocol: str = "TCP") -> Verdict:
    """Return the verdict on `web->db`; an address with a slash is somebody outside."""
    source, destination = (
        outside(end) if "/" in end else pods(found, end) for end in way.split("->")
    )
    return found.verdict(source, destination, port, protocol)


DB = {"matchLabels": {"app": "db"}}
WEB = {"matchLabels": {"app": "web"}}
PROXY = {"matchLabels": {"app": "proxy"}}


def into(*rules: Raw, **spec: Any) -> Raw:
    return policy(podSelector=DB, policyTypes=["Ingress"], ingress=list(rules), **spec)


def out(*rules: Raw) -> Raw:
    return policy(podSelector=WEB, policyTypes=["Egress"], egress=list(rules))


YES, NO = True, False


@pytest.mark.parametrize(
    ("given", "way", "allowed"),
    [
        pytest.param([], "web->db", YES, id="without-policies-all-passes"),
        pytest.param([into()], "web->db", NO, id="no-rules-close-a-direction"),
        pytest.param([into()], "db->web", YES, id="ingress-says-nothing-of-egress"),
        pytest.param([into()], "web->proxy", YES, id="other-pods-stay-open"),
        pytest.param([into({})], "web->db", YES, id="an-empty-rule-opens-to-all"),
        pytest.param([into({"from": []})], "web->db", YES, id="an-empty-from-is-everybody"),
        pytest.param([into({"from": None})], "web->db", YES, id="a-null-from-is-everybody"),
        pytest.param([into({"from": [{"podSelector": {}}]})], "web->db", YES, id="all-pods-here"),
        pytest.param(
            [into({"from": [{"podSelector": {}}]})],
            "proxy->db",
            NO,
            id="an-empty-pod-selector-means-this-namespace-only",
        ),
        pytest.param(
            [into({"from": [{"namespaceSelector": {}}]})], "proxy->db", YES, id="all-namespaces"
        ),
        pytest.param(
            [into({"from": [{"namespaceSelector": {}}]})],
            "198.51.100.7/32->db",
            NO,
            id="all-namespaces-are-not-the-world",
        ),
        pytest.param([into({})], "198.51.100.7/32->db", YES, id="everybody-is-the-world-too"),
        pytest.param(
            [into({"from": [{"namespaceSelector": {}, "podSelector": WEB}]})],
            "proxy->db",
            NO,
            id="two-selectors-in-one-peer-must-both-hold",
        ),
        pytest.param(
            [into({"from": [{"namespaceSelector": {}}, {"podSelector": WEB}]})],
            "proxy->db",
            YES,
            id="two-peers-are-either",
        ),
        pytest.param(
            [into({"from": [{"podSelector": PROXY}]})],
            "proxy->db",
            NO,
            id="a-pod-selector-alone-does-not-leave-the-namespace",
        ),
        pytest.param(
            [into({"from": [{"namespaceSelector": {"matchLabels": {"team": "b"}}}]})],
            "proxy->db",
            YES,
            id="a-namespace-by-its-label",
        ),
        pytest.param(
            [
                into(
                    {
                        "from": [
                            {
                                "namespaceSelector": {
                                    "matchLabels": {"kubernetes.io/metadata.name": "infra"}
                                }
                            }
                        ]
                    }
                )
            ],
            "proxy->db",
            YES,
            id="a-namespace-by-its-name-which-all-carry",
        ),
        pytest.param(
            [into({"from": [{"namespaceSelector": {"matchLabels": {"name": "infra"}}}]})],
            "proxy->db",
            NO,
            id="a-label-called-name-is-not-the-name",
        ),
        pytest.param([into({"from": [{}]})], "web->db", NO, id="a-peer-that-names-nobody"),
        pytest.param([into({"ports": [{"port": 80}]})], "web->db", YES, id="port"),
        pytest.param([into({"ports": [{"port": 81}]})], "web->db", NO, id="another-port"),
        pytest.param([into({"ports": []})], "web->db", YES, id="no-ports-are-all-ports"),
        pytest.param([into({"ports": [{}]})], "web->db", YES, id="an-empty-port-is-all-of-tcp"),
        pytest.param(
            [into({"ports": [{"protocol": "UDP"}]})], "web->db", NO, id="another-protocol"
        ),
        pytest.param([into({"ports": [{"port": "http"}]})], "web->db", YES, id="a-named-port"),
        pytest.param(
            [into({"ports": [{"port": "https"}]})], "web->db", NO, id="a-name-that-no-pod-has"
        ),
        pytest.param(
            [into({"ports": [{"port": "http", "protocol": "UDP"}]})],
            "web->db",
            NO,
            id="a-name-under-another-protocol",
        ),
        pytest.param(
            [into({"ports": [{"port": 70, "endPort": 80}]})], "web->db", YES, id="end-port-is-in"
        ),
        pytest.param(
            [into({"ports": [{"port": 70, "endPort": 79}]})], "web->db", NO, id="past-the-end-port"
        ),
        pytest.param(
            [into({"from": [{"podSelector": PROXY}]}), into({"from": [{"podSelector": WEB}]})],
            "web->db",
            YES,
            id="policies-add-up",
        ),
        pytest.param(
            [into({"from": [{"podSelector": WEB}], "ports": [{"port": 81}]}, {"ports": [{}]})],
            "web->db",
            YES,
            id="rules-add-up",
        ),
        pytest.param([out()], "web->db", NO, id="egress-closes-the-source"),
        pytest.param([out()], "db->web", YES, id="egress-says-nothing-of-ingress"),
        pytest.param([out({"to": [{"podSelector": DB}]})], "web->db", YES, id="egress-to-pods"),
        pytest.param(
            [out({"to": [{"podSelector": DB}]}), into()],
            "web->db",
            NO,
            id="both-ends-must-let-pass",
        ),
        pytest.param(
            [out({"to": [{"podSelector": DB}], "ports": [{"port": "http"}]})],
            "web->db",
            YES,
            id="a-named-port-of-egress-is-that-of-the-destination",
        ),
        pytest.param([out()], "web->198.51.100.7/32", NO, id="egress-closes-the-world"),
        pytest.param(
            [out({})], "web->198.51.100.7/32", YES, id="an-empty-egress-rule-is-everywhere"
        ),
        pytest.param(
            [out({"ports": [{"port": "http"}]})],
            "web->198.51.100.7/32",
            NO,
            id="nobody-outside-has-named-ports",
        ),
        pytest.param(
            [out({"to": [{"ipBlock": {"cidr": "198.51.100.0/24"}}]})],
            "web->198.51.100.7/32",
            YES,
            id="a-block",
        ),
        pytest.param(
            [
                out(
                    {
                        "to": [
                            {"ipBlock": {"cidr": "198.51.100.0/24", "except": ["198.51.100.7/32"]}}
                        ]
                    }
                )
            ],
            "web->198.51.100.7/32",
            NO,
            id="an-exception-of-a-block",
        ),
        pytest.param(
            [
                out(
                    {
                        "to": [
                            {"ipBlock": {"cidr": "198.51.100.0/24", "except": ["198.51.100.0/28"]}}
                        ]
                    }
                ),
                out({"to": [{"ipBlock": {"cidr": "198.51.100.0/29"}}]}),
            ],
            "web->198.51.100.7/32",
            YES,
            id="an-exception-takes-nothing-from-other-rules",
        ),
        pytest.param(
            [
                out({"to": [{"ipBlock": {"cidr": "198.51.100.0/25"}}]}),
                out({"to": [{"ipBlock": {"cidr": "198.51.100.128/25"}}]}),
            ],
            "web->198.51.100.0/24",
            YES,
            id="blocks-together-cover-a-range",
        ),
        pytest.param(
            [out({"to": [{"ipBlock": {"cidr": "198.51.100.0/25"}}]})],
            "web->198.51.100.0/24",
            NO,
            id="half-of-a-range-is-not-the-range",
        ),
        pytest.param(
            [out({"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]})],
            "web->2001:db8::1/128",
            NO,
            id="blocks-of-version-4-are-not-version-6",
        ),
        pytest.param(
            [out({"to": [{"namespaceSelector": {}}]})],
            "web->198.51.100.7/32",
            NO,
            id="all-namespaces-do-not-lead-outside",
        ),
    ],
)
def test_verdict(given: list[Raw], way: str, allowed: bool) -> None:
    numbered = [
        {**each, "metadata": {"name": f"policy-{number}"}} for number, each in enumerate(given)
    ]
    found = ask(network(*numbered), way)
    assert found.allowed is allowed
    assert found.doubts == frozenset()


@pytest.mark.parametrize(
    ("spec", "ingress", "egress"),
    [
        pytest.param({}, YES, NO, id="without-types-ingress"),
        pytest.param({"policyTypes": []}, YES, NO, id="empty-types-are-absent-types"),
        pytest.param({"egress": [{}]}, YES, YES, id="egress-rules-make-it-both"),
        pytest.param({"egress": []}, YES, NO, id="empty-egress-rules-do-not"),
        pytest.param({"policyTypes": ["Egress"]}, NO, YES, id="egress-alone"),
        pytest.param(
            {"policyTypes": ["Egress"], "ingress": [{}]}, NO, YES, id="ingress-rules-without-type"
        ),
        pytest.param({"policyTypes": ["Ingress", "Egress"]}, YES, YES, id="both"),
    ],
)
def test_policy_types(spec: Raw, ingress: bool, egress: bool) -> None:
    found = network(policy(podSelector=DB, **spec))
    db = pods(found, "db")
    assert bool(found.isolating(db, Direction.INGRESS)) is ingress
    assert bool(found.isolating(db, Direction.EGRESS)) is egress


@pytest.mark.parametrize(
    ("selector", "ruled"),
    [
        pytest.param({"podSelector": {}}, ["web", "db", "node"], id="empty-is-all"),
        pytest.param({}, ["web", "db", "node"], id="absent-is-all"),
        pytest.param({"podSelector": DB}, ["db"], id="some"),
    ],
)
def test_pod_selector(selector: Raw, ruled: list[str]) -> None:
    found = network(policy(**selector))
    isolated = [each for each in found.endpoints if found.isolating(each, Direction.INGRESS)]
    assert [each.ref.name for each in isolated] == ruled


def test_a_verdict_names_its_policies() -> None:
    closed = {**into(), "metadata": {"name": "closed"}}
    opened = {**into({"from": [{"podSelector": WEB}]}), "metadata": {"name": "opened"}}
    leaving = {**out({"to": [{"podSelector": DB}]}), "metadata": {"name": "leaving"}}
    found = network(closed, opened, leaving)

    passing = ask(found, "web->db")
    assert [ref.name for ref in passing.allowed_by] == ["leaving", "opened"]
    assert passing.denied_by == ()
    stopped = ask(found, "proxy->db")
    assert stopped.allowed_by == ()
    assert [ref.name for ref in stopped.denied_by] == ["closed", "opened"]
    assert [ref.name for ref in ask(found, "web->proxy").denied_by] == ["leaving"]


def test_nothing_keeps_a_pod_from_itself() -> None:
    alone = ManifestSet([pod(labels={"app": "a"}), policy(policyTypes=["Ingress", "Egress"])])
    found = Network(alone)
    (itself,) = found.endpoints
    assert found.verdict(itself, itself, 80).allowed
    # Two pods of one workload are not the same pod.
    several = ManifestSet([workload(), policy(policyTypes=["Ingress"])])
    found = Network(several)
    (pods_of_it,) = found.endpoints
    assert not found.verdict(pods_of_it, pods_of_it, 80).allowed


BLOCK = {"ipBlock": {"cidr": "0.0.0.0/0"}}
PUBLIC_BLOCK = {
    "ipBlock": {
        "cidr": "0.0.0.0/0",
        "except": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"],
    }
}
UNKNOWN = [manifests.namespace("shop")]


@pytest.mark.parametrize(
    ("given", "way", "namespaces", "allowed", "doubts"),
    [
        pytest.param(
            out({"to": [BLOCK]}),
            "web->db",
            NAMESPACES,
            NO,
            {Doubt.POD_ADDRESS},
            id="a-block-may-cover-pods",
        ),
        pytest.param(
            out({"to": [PUBLIC_BLOCK]}), "web->db", NAMESPACES, NO, set(), id="public-blocks-do-not"
        ),
        pytest.param(
            out({"to": [BLOCK]}, {"to": [{"podSelector": {}}]}),
            "web->db",
            NAMESPACES,
            YES,
            set(),
            id="what-passes-for-sure-is-not-in-doubt",
        ),
        pytest.param(
            out({"to": [BLOCK], "ports": [{"port": 81}]}),
            "web->db",
            NAMESPACES,
            NO,
            set(),
            id="a-block-for-another-port",
        ),
        pytest.param(
            into({"from": [{"podSelector": {}}]}),
            "node->db",
            NAMESPACES,
            NO,
            {Doubt.HOST_NETWORK},
            id="pods-on-the-host-network-may-not-be-seen-as-pods",
        ),
        pytest.param(
            into({}), "node->db", NAMESPACES, YES, set(), id="but-everybody-includes-them"
        ),
        pytest.param(
            policy(podSelector={}, policyTypes=["Egress"]),
            "node->proxy",
            NAMESPACES,
            YES,
            {Doubt.HOST_NETWORK},
            id="nor-be-ruled-by-policies",
        ),
        pytest.param(
            into({"from": [{"namespaceSelector": {"matchLabels": {"team": "b"}}}]}),
            "proxy->db",
            UNKNOWN,
            NO,
            {Doubt.NAMESPACE_LABELS},
            id="labels-of-an-unknown-namespace",
        ),
        pytest.param(
            into(
                {
                    "from": [
                        {
                            "namespaceSelector": {
                                "matchExpressions": [{"key": "team", "operator": "DoesNotExist"}]
                            }
                        }
                    ]
                }
            ),
            "proxy->db",
            UNKNOWN,
            YES,
            {Doubt.NAMESPACE_LABELS},
            id="a-label-that-an-unknown-namespace-may-have",
        ),
        pytest.param(
            into(
                {
                    "from": [
                        {
                            "namespaceSelector": {
                                "matchLabels": {"kubernetes.io/metadata.name": "infra"}
                            }
                        }
                    ]
                }
            ),
            "proxy->db",
            UNKNOWN,
            YES,
            set(),
            id="the-name-of-an-unknown-namespace-is-known",
        ),
        pytest.param(
            into(
                {
                    "from": [
                        {
                            "namespaceSelector": {
                                "matchLabels": {"kubernetes.io/metadata.name": "x", "team": "b"}
                            }
                        }
                    ]
                }
            ),
            "proxy->db",
            UNKNOWN,
            NO,
            set(),
            id="another-name-decides-without-the-labels",
        ),
        pytest.param(
            into({"from": [{"namespaceSelector": {}}]}),
            "proxy->db",
            UNKNOWN,
            YES,
            set(),
            id="all-namespaces-include-unknown-ones",
        ),
    ],
)
def test_doubts(
    given: Raw, way: str, namespaces: list[Raw], allowed: bool, doubts: set[Doubt]
) -> None:
    found = ask(network(given, namespaces=namespaces), way)
    assert (found.allowed, found.doubts) == (allowed, doubts)


def test_a_certain_stop_at_one_end_outweighs_doubts_at_the_other() -> None:
    found = ask(network(out({"to": [BLOCK]}), {**into(), "metadata": {"name": "b"}}), "web->db")
    assert (found.allowed, found.doubts) == (NO, frozenset())


def test_through_a_service_policies_see_the_port_of_the_pod() -> None:
    written = service("db", {"port": 5432, "targetPort": "http"}, namespace="shop")
    found = network(into({"ports": [{"port": 80}]}), namespaces=[*NAMESPACES, written])
    objects = ManifestSet([*PODS, written])
    view = Service(next(objects.of_kind(kinds.SERVICE)))
    behind = Selections(objects).behind(view)

    (edge,) = found.through(pods(found, "web"), view, 5432, behind)
    assert (edge.port, edge.verdict.allowed) == (80, True)
    assert found.through(pods(found, "web"), view, 80, behind) == ()


def test_a_headless_service_passes_numbers_straight_on() -> None:
    written = service("db", {"port": 80}, namespace="shop", clusterIP="None")
    objects = ManifestSet([*PODS, written])
    view = Service(next(objects.of_kind(kinds.SERVICE)))
    found = network(into({"ports": [{"port": 9}]}))
    edges = found.through(pods(found, "web"), view, 9, Selections(objects).behind(view))
    assert [(edge.port, edge.verdict.allowed) for edge in edges] == [(9, True)]


DNS_RULE = {
    "to": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
    ],
    "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
}


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        pytest.param([], [NO, NO], id="default-deny-cuts-dns"),
        pytest.param([DNS_RULE], [YES, YES], id="a-rule-for-dns"),
        pytest.param(
            [{"ports": [{"port": 53, "protocol": "UDP"}]}], [YES, NO], id="udp-alone-is-half"
        ),
        pytest.param(
            [{"to": [{"podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}]}],
            [NO, NO],
            id="the-dns-server-is-in-another-namespace",
        ),
    ],
)
def test_dns(rules: list[Raw], allowed: list[bool]) -> None:
    found = network(out(*rules))
    edges = found.dns(pods(found, "web"))
    assert [edge.protocol for edge in edges] == ["UDP", "TCP"]
    assert [edge.verdict.allowed for edge in edges] == allowed


def test_dns_goes_to_the_server_of_the_set_where_it_has_one() -> None:
    server = workload("my-dns", SPEC, labels={"k8s-app": "kube-dns"}, namespace="kube-system")
    found = Network(ManifestSet([*PODS, server]))
    assert {edge.destination.ref.name for edge in found.dns(found.endpoints[0])} == {"my-dns"}  # type: ignore[union-attr]


def test_stand_ins_are_pods_that_the_set_does_not_have() -> None:
    controller = endpoints.stand_in("nginx", "infra", {"app": "ingress"})
    rule = {
        "from": [
            {
                "namespaceSelector": {"matchLabels": {"role": "edge"}},
                "podSelector": {"matchLabels": {"app": "ingress"}},
            }
        ]
    }
    found = network(into(rule))
    assert found.verdict(controller, pods(found, "db"), 80).allowed
    assert not found.verdict(pods(found, "proxy"), pods(found, "db"), 80).allowed


def test_the_matrix_of_all_edges() -> None:
    found = network(into({"from": [{"podSelector": WEB}], "ports": [{"port": 80}]}))
    edges = list(found.edges())
    assert len(edges) == 5 * 4 * 2
    stopped = {
        f"{edge.source.ref.name}->{edge.port}"  # type: ignore[union-attr]
        for edge in edges
        if edge.destination is pods(found, "db") and not edge.verdict.allowed
    }
    assert stopped == {
        *(f"{name}->80" for name in ("node", "proxy", "probe")),
        *(f"{name}->53" for name in ("web", "node", "proxy", "probe")),
    }
    (edge,) = found.edges([INTERNET], [pods(found, "db")], [(80, "TCP")])
    assert not edge.verdict.allowed


LABELS = st.dictionaries(st.sampled_from("xy"), st.sampled_from("12"), max_size=2)
SELECTOR = st.one_of(
    st.just({}),
    st.sampled_from([{"matchLabels": {"x": "1"}}, {"matchLabels": {"x": "1", "y": "2"}}]),
    st.builds(
        lambda key, operator: {
            "matchExpressions": [
                {"key": key, "operator": operator}
                | ({"values": ["1"]} if operator.endswith("In") else {})
            ]
        },
        st.sampled_from("xy"),
        st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist"]),
    ),
)
BLOCKS = st.sampled_from(
    [
        {"cidr": "198.51.100.0/24"},
        {"cidr": "198.51.100.0/24", "except": ["198.51.100.0/30"]},
        {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "198.51.100.8/29"]},
    ]
)
PEER = st.one_of(
    st.fixed_dictionaries({"podSelector": SELECTOR}),
    st.fixed_dictionaries({"namespaceSelector": SELECTOR}),
    st.fixed_dictionaries({"podSelector": SELECTOR, "namespaceSelector": SELECTOR}),
    st.fixed_dictionaries({"ipBlock": BLOCKS}),
)
PORT = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"port": st.sampled_from([80, 81, "http", "dns"])}),
    st.just({"port": 80, "endPort": 81}),
    st.fixed_dictionaries(
        {"protocol": st.sampled_from(["TCP", "UDP"])},
        optional={"port": st.sampled_from([53, 80, "dns"])},
    ),
)


def rules(peers: str) -> st.SearchStrategy[Any]:
    one = st.fixed_dictionaries(
        {}, optional={peers: st.lists(PEER, max_size=2), "ports": st.lists(PORT, max_size=2)}
    )
    return st.lists(one, max_size=2)


POLICY = st.fixed_dictionaries(
    {"podSelector": SELECTOR},
    optional={
        "ingress": rules("from"),
        "egress": rules("to"),
        "policyTypes": st.sampled_from([["Ingress"], ["Egress"], ["Ingress", "Egress"], []]),
    },
)
DOORS = [(80, "TCP"), (81, "TCP"), (53, "UDP"), (80, "UDP")]
OUTSIDERS = ["198.51.100.1", "198.51.100.9", "192.0.2.1"]


class Literal:
    """
    A slow second reading, by sets: all that each policy permits is written out, and looked up.

    A connection is (who, whom, port, protocol); who and whom are ("pod", n) or an address.
    """

    def __init__(
        self,
        namespaces: dict[str, dict[str, str]],
        pods: list[tuple[str, dict[str, str]]],
        policies: list[tuple[str, Raw]],
    ) -> None:
        self.namespaces, self.pods = namespaces, pods
        self.everyone = [*range(len(pods)), *OUTSIDERS]
        self.closed: dict[str, set[Any]] = {"Ingress": set(), "Egress": set()}
        self.permitted: dict[str, set[Any]] = {"Ingress": set(), "Egress": set()}
        for place, spec in policies:
            chosen = {
                number
                for number, (namespace, labels) in enumerate(pods)
                if namespace == place and self.meets(spec["podSelector"], labels)
            }
            kinds_of_it = spec.get("policyTypes")
            if not kinds_of_it:
                kinds_of_it = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
            for direction, peers in (("Ingress", "from"), ("Egress", "to")):
                if direction not in kinds_of_it:
                    continue
                self.closed[direction] |= chosen
                for rule in spec.get(direction.lower(), []):
                    for other in self.listed(rule.get(peers), place):
                        for number in chosen:
                            to = number if direction == "Ingress" else other
                            for door in self.doors(rule.get("ports"), to):
                                self.permitted[direction].add((number, other, *door))

    def meets(self, selector: Raw, labels: dict[str, str]) -> bool:
        if any(labels.get(k) != v for k, v in selector.get("matchLabels", {}).items()):
            return False
        for each in selector.get("matchExpressions", []):
            key, operator = each["key"], each["operator"]
            if operator == "In" and labels.get(key) not in each["values"]:
                return False
            if operator == "NotIn" and key in labels and labels[key] in each["values"]:
                return False
            if operator == "Exists" and key not in labels:
                return False
            if operator == "DoesNotExist" and key in labels:
                return False
        return True

    def listed(self, peers: list[Raw] | None, place: str) -> list[Any]:
        if not peers:
            return self.everyone
        found: list[Any] = []
        for peer in peers:
            if "ipBlock" in peer:
                block = peer["ipBlock"]
                inside = ipaddress.ip_network(block["cidr"])
                holes = [ipaddress.ip_network(hole) for hole in block.get("except", [])]
                found += [
                    str(address)
                    for address in map(ipaddress.ip_address, OUTSIDERS)
                    if address in inside and not any(address in hole for hole in holes)
                ]
                continue
            there = {
                name
                for name, labels in self.namespaces.items()
                if (
                    self.meets(peer["namespaceSelector"], labels)
                    if "namespaceSelector" in peer
                    else name == place
                )
            }
            found += [
                number
                for number, (namespace, labels) in enumerate(self.pods)
                if namespace in there and self.meets(peer.get("podSelector", {}), labels)
            ]
        return found

    def doors(self, ports: list[Raw] | None, to: Any) -> list[tuple[int, str]]:
        if not ports:
            return DOORS
        found = []
        for number, protocol in DOORS:
            for port in ports:
                if port.get("protocol", "TCP") != protocol:
                    continue
                wanted = port.get("port")
                if wanted is None:
                    found.append((number, protocol))
                elif isinstance(wanted, str):
                    if isinstance(to, int) and (wanted, number, protocol) in (
                        ("http", 80, "TCP"),
                        ("dns", 53, "UDP"),
                    ):
                        found.append((number, protocol))
                elif number in range(wanted, port.get("endPort", wanted) + 1):
                    found.append((number, protocol))
        return found

    def passes(self, who: Any, whom: Any, port: int, protocol: str) -> bool:
        leaves = (
            who not in self.closed["Egress"]
            or (who, whom, port, protocol) in self.permitted["Egress"]
        )
        enters = (
            whom not in self.closed["Ingress"]
            or (whom, who, port, protocol) in self.permitted["Ingress"]
        )
        return leaves and enters


PLACED: list[tuple[str, dict[str, str]]] = [
    ("a", {}),
    ("a", {"x": "1"}),
    ("b", {"x": "1", "y": "2"}),
    ("b", {"x": "2"}),
]


@settings(max_examples=300, deadline=None)
@given(
    labels=st.fixed_dictionaries({"a": LABELS, "b": LABELS}),
    written=st.lists(st.tuples(st.sampled_from("ab"), POLICY), min_size=1, max_size=3),
)
def test_verdicts_agree_with_a_literal_reading(
    labels: dict[str, dict[str, str]],
    written: list[tuple[str, Raw]],
) -> None:
    literal = Literal(labels, PLACED, written)
    found = Network(
        ManifestSet(
            [
                *(manifests.namespace(name, **each) for name, each in labels.items()),
                *(
                    workload(f"w{number}", SPEC, labels=each, namespace=place)
                    for number, (place, each) in enumerate(PLACED)
                ),
                *(
                    policy(f"p{number}", namespace=place, **spec)
                    for number, (place, spec) in enumerate(written)
                ),
            ]
        )
    )
    ends: dict[Any, Endpoint | Addresses] = dict(enumerate(found.endpoints))
    ends |= {address: outside(f"{address}/32") for address in OUTSIDERS}
    for who, source in ends.items():
        for whom, destination in ends.items():
            for port, protocol in DOORS:
                answer = found.verdict(source, destination, port, protocol)
                assert answer.allowed is literal.passes(who, whom, port, protocol)


@pytest.mark.parametrize(
    ("ranges", "removed", "left"),
    [
        pytest.param(["10.0.0.0/30"], [], ["10.0.0.0-10.0.0.3"], id="nothing-removed"),
        pytest.param(["10.0.0.0/30"], ["10.0.0.0/8"], [], id="all-removed"),
        pytest.param(
            ["10.0.0.0/29"],
            ["10.0.0.2/31"],
            ["10.0.0.0-10.0.0.1", "10.0.0.4-10.0.0.7"],
            id="a-hole-in-the-middle",
        ),
        pytest.param(["10.0.0.0/31"], ["::/0"], ["10.0.0.0-10.0.0.1"], id="another-version"),
        pytest.param(["10.0.0.1/30"], [], ["10.0.0.0-10.0.0.3"], id="bits-below-the-prefix"),
        pytest.param(["10.0.0.9"], [], ["10.0.0.9-10.0.0.9"], id="a-single-address"),
        pytest.param(["nonsense"], [], [], id="what-is-no-block-holds-nothing"),
    ],
)
def test_address_ranges(ranges: list[str], removed: list[str], left: list[str]) -> None:
    found = addresses.without(addresses.parse_all(ranges), addresses.parse_all(removed))
    shown = [f"{ipaddress.ip_address(a.first)}-{ipaddress.ip_address(a.last)}" for a in found]
    assert shown == left


def test_policies_of_a_large_namespace_are_not_asked_one_by_one() -> None:
    many = 5_000
    given = [workload(f"w{n}", labels={"app": f"a{n}", "part-of": "x"}) for n in range(many)]
    written = [
        policy(
            f"p{n}",
            podSelector={"matchLabels": {"part-of": "x", "app": f"a{n}"}},
            policyTypes=["Ingress"],
        )
        for n in range(1_000)
    ]
    found = Network(ManifestSet([*given, *written]))
    ruling = [found.isolating(each, Direction.INGRESS) for each in found.endpoints]
    assert [len(each) for each in ruling] == [1] * 1_000 + [0] * (many - 1_000)
    assert ruling[7] == (ObjectRef("networking.k8s.io/v1", "NetworkPolicy", "p7", None),)
