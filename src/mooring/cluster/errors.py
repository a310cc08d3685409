"""
What a cluster answers when it does not do what it is asked, one type per thing to do about it.

    ClusterError (mooring.errors)     3
    ├── AccessError                       kubeconfig or credentials are no use
    ├── Unreachable                       nobody answered
    │   └── OutcomeUnknown                a write was sent and its answer was lost
    └── Refused                           the server answered with a Status
        ├── Unauthorized    401           who we are is not known to it
        ├── Forbidden       403           who we are may not do this
        ├── NotFound        404           the object, or the namespace it is to be in, is not there
        ├── UnknownKind     404           the server does not serve the kind
        ├── Conflict        409           somebody else was faster, or has another object there
        │   ├── AlreadyExists
        │   └── FieldConflict             another field manager holds fields that we set
        ├── Expired         410           the resourceVersion or page is too old
        ├── Invalid         400, 422      the object is not acceptable; more tries do not help
        ├── Busy            429           too many requests, or an eviction that a budget forbids
        └── ServerFault     500 and more  its own trouble, or that of a webhook

Absence, refusal and silence are three things and never one value.  Messages carry what the server
said, without the values of Secrets (`refusal`).
"""

from collections.abc import Mapping

import msgspec

from mooring.errors import ClusterError


class AccessError(ClusterError):
    """What the kubeconfig says, or a credential that it names, is of no use."""


class Unreachable(ClusterError):
    """No answer: no connection, a broken one, or silence beyond the time limit."""


class OutcomeUnknown(Unreachable):
    """A write was sent that must not be sent twice, and its answer was lost: read before acting."""


class Cause(msgspec.Struct, frozen=True):
    """One of the reasons in a Status: ``field`` is a path such as `spec.replicas`, or empty."""

    reason: str
    message: str
    field: str = ""


class Refused(ClusterError):
    """
    The server answered with a Status.

    ``code`` is the HTTP status, ``reason`` the machine-readable word of the Status (as
    "AlreadyExists"; empty where there is none), ``causes`` its details, ``about`` the name of the
    object that it speaks of (for NotFound: what is missing, if not the whole path).
    """

    def __init__(
        self,
        message: str,
        *,
        code: int,
        reason: str = "",
        causes: tuple[Cause, ...] = (),
        about: str = "",
        remedy: str | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.about = about
        self.code = code
        self.reason = reason
        self.causes = causes


class Unauthorized(Refused):
    """The server does not know who we are: the credential is wrong or has expired."""


class Forbidden(Refused):
    """We may not do this; an admission refusal (quota, Pod Security, webhook) is one as well."""


class NotFound(Refused):
    """The object, or the namespace that it is to be written to, does not exist."""


class UnknownKind(Refused):
    """The server does not serve this kind, asked anew: a CRD is missing or not yet established."""


class Conflict(Refused):
    """The object is not the one, or no longer in the state, that the request was meant for."""


class AlreadyExists(Conflict):
    """An object of this name is there already."""


class FieldConflict(Conflict):
    """
    Server-side apply: fields that we set are held by others with other values.

    ``held`` maps each field path to the name of its manager.
    """

    @property
    def held(self) -> Mapping[str, str]:
        """The fields in dispute, each with the manager that holds it."""
        return {
            one.field: manager
            for one in self.causes
            if (manager := one.message.partition('conflict with "')[2].partition('"')[0])
        }


class Expired(Refused):
    """What a watch or a page continues from is older than what the server remembers."""


class Invalid(Refused):
    """The server does not accept the object."""

    @property
    def is_immutable(self) -> bool:
        """Whether only a new object helps: the change is to a field that cannot change."""
        told = (self.message, *(one.message for one in self.causes))
        return any(part in text for text in told for part in _IMMUTABLE)


class Busy(Refused):
    """Too many requests, still so after waiting as long as we were asked to."""


class ServerFault(Refused):
    """A fault of the server, or of a webhook that it asked."""


_IMMUTABLE = (
    "field is immutable",
    "updates to statefulset spec for fields other than",
    "spec is immutable after creation",
    "is immutable when",
    "may not be changed",
    "may not change once set",
    "updates to provisioner are forbidden",
    "updates to parameters are forbidden",
    "cannot change roleRef",
)
"""Source: apimachinery ValidateImmutableField and the validation packages of pkg/apis/*."""
