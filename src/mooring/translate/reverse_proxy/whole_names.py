"""
Hosts that nginx looks up itself, by their whole names, and the name server that it asks.

With a variable in an address nginx asks the server that `resolver` names, which knows no search
domains: `api` has to be `api.<namespace>.svc.cluster.local`, so the file differs by environment.
Docker's name server, 127.0.0.11, is nowhere in a cluster; nginx takes a name for its server and
finds it when it starts.

Source: https://nginx.org/en/docs/http/ngx_http_core_module.html#resolver,
https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import Document
from mooring.decisions import Decision, Evidence
from mooring.sensitive import Sensitive
from mooring.settings.environments import Environment
from mooring.translate.notes import Note, Translated
from mooring.translate.reverse_proxy.nginx_hosts import Hosts, hosts_in
from mooring.translate.service import TranslatedService

NAME_SERVER = "kube-dns.kube-system.svc.cluster.local"
"""The Service of the cluster's DNS: CoreDNS keeps the old name nearly everywhere."""


def marked(
    translated: ReadOnly[str, TranslatedService], names: Iterable[str]
) -> dict[str, TranslatedService]:
    """Return ``translated`` with the documents marked from which nginx looks up ``names``."""
    known = {name.lower() for name in names}
    done = dict(translated)
    for name, service in translated.items():
        documents = {
            identity: msgspec.structs.replace(document, looks_up_names=True)
            for identity, document in service.documents.items()
            if any(_looks_up(hosts, known) for _, _, hosts in _files(document))
        }
        if documents:
            done[name] = msgspec.structs.replace(
                service, documents={**service.documents, **documents}
            )
    return done


def with_whole_names(application: Application, environment: Environment) -> Translated[Application]:
    """Return ``application`` with whole names where its programs look hosts up themselves."""
    if not any(document.looks_up_names for document in application.documents):
        return Translated(application)
    namespace = environment.namespace_of(application.name)
    server = environment.name_server or NAME_SERVER
    whole = {
        name: f"{name}.{namespace}.svc.cluster.local"
        for part in application.parts
        for name in (part.name, *part.other_names)
    }
    documents: list[Document] = []
    changed: list[str] = []
    for document in application.documents:
        if not document.looks_up_names:
            documents.append(document)
            continue
        files = dict(document.files)
        for path, text, hosts in _files(document):
            files[path] = hosts.made_whole(text, whole, server).encode()
            changed.append(path)
        documents.append(msgspec.structs.replace(document, files=files))
    result = msgspec.structs.replace(application, documents=tuple(documents))
    return Translated(result, (_decision(environment, server, changed),))


def _files(document: Document) -> Iterator[tuple[str, str, Hosts]]:
    """Yield the files that are configurations of nginx, with where hosts stand in them."""
    for path, content in document.files.items():
        if isinstance(content, Sensitive) or (b"resolver" not in content and b"$" not in content):
            continue
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            continue
        hosts = hosts_in(text)
        if hosts is not None:
            yield path, text, hosts


def _looks_up(hosts: Hosts, names: set[str]) -> bool:
    return bool(hosts.resolvers) or any(
        one.looked_up and one.host.lower() in names for one in hosts.hosts
    )


def _decision(environment: Environment, server: str, files: list[str]) -> Note:
    return Decision(
        subject=f"environments.{environment.name}",
        topic="name server",
        choice=f"{server} is asked by what looks names up itself, and services have their whole "
        "names there",
        evidence=tuple(
            Evidence(f"nginx looks up hosts of {path} itself, and knows no search domains")
            for path in dict.fromkeys(files)
        ),
        overrule=f"environments: {{{environment.name}: {{name_server: <name or address>}}}}",
    )
