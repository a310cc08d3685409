"""
RuntimeClasses that mooring.yaml wants made: those with a handler, where some pod names them.

The object belongs to the cluster, and every environment there that is given the same one writes it
alike.  The handler has to be set up on the nodes all the same.

Source: https://kubernetes.io/docs/concepts/containers/runtime-class/#setup
"""

from collections.abc import Iterator

from mooring.app.application import Application
from mooring.generate.identity import labels
from mooring.kube.objects.meta import ObjectMeta
from mooring.kube.objects.runtime import RuntimeClass
from mooring.settings.environments import Environment


def runtime_classes(application: Application, environment: Environment) -> Iterator[RuntimeClass]:
    """Yield the classes to make for the parts of ``application``, each once."""
    wanted = {part.placement.runtime for part in application.parts}
    made = {
        one.name: one.handler
        for one in environment.runtimes.values()
        if one.handler is not None and one.name in wanted
    }
    for name, handler in made.items():
        yield RuntimeClass(
            metadata=ObjectMeta(name=name, labels=labels(application)), handler=handler
        )
