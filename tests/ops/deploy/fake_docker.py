"""A `docker` of a few commands, for the scripts of the deployment: images, containers and a registry in one JSON file.

Run as a program, often, so it imports little; `FAKE_HOME` is its folder. How a container fares is told by
`behaviours.json`, by the commit in its image's tag: healthy (when not told), unhealthy, crashing, or refused, which is
not even started.
"""

import hashlib
import json
import os
import sys

HOME = os.environ["FAKE_HOME"]
VALUED = {"--name", "--restart", "--stop-timeout", "--env-file", "--publish", "--memory", "--ulimit", "--log-driver"}
VALUED |= {"--log-opt", "--cap-drop", "--security-opt", "--format", "--tail", "--tag", "--build-arg", "--label"}
VALUED |= {"--platform", "--username", "--volume"}
HEALTH = "{{with .State.Health}}{{.Status}}{{end}}"
HEALTH_LOG = "{{with .State.Health}}{{range .Log}}{{.Output}}{{end}}{{end}}"
CRASHES = 10


def held(name):
    """What a file of `FAKE_HOME` holds."""
    with open(f"{HOME}/{name}") as file:
        return json.load(file)


class Refused(Exception):
    """What docker would say, with its exit status."""

    def __init__(self, words, status=1):
        super().__init__(words)
        self.status = status


def parsed(arguments):
    """Split a command into its options, each with a list of values, and the rest."""
    options, rest, left = {}, [], list(arguments)
    while left:
        word = left.pop(0)
        if word in VALUED:
            options.setdefault(word, []).append(left.pop(0))
        elif word.startswith("--"):
            options.setdefault(word, [])
        else:
            rest.append(word)
    return options, rest


def digest_of(reference):
    """An image's digest, made of its name."""
    return "sha256:" + hashlib.sha256(reference.encode()).hexdigest()


class Docker:
    """The commands; each prints what docker prints, as far as the scripts read it."""

    def __init__(self, state):
        self.images = state["images"]
        self.registry = state["registry"]
        self.containers = state["containers"]
        self.logins = state["logins"]

    def info(self, options, rest):
        return HOME if "--format" in options else "Server: fake"

    def login(self, options, rest):
        self.logins.append([rest[0], sys.stdin.read().strip()])
        return "Login Succeeded"

    def build(self, options, rest):
        reference = options["--tag"][0]
        self.images[digest_of(reference)] = {"names": [reference], "arguments": options["--build-arg"]}

    def push(self, options, rest):
        reference = rest[0]
        self._image(reference)
        repository, tag = reference.rsplit(":", 1)
        program = os.environ.get("FAKE_PUSH")
        pushed = os.popen(f"{program} {repository} {tag}").read().strip() if program else digest_of(reference)
        self.registry[f"{repository}@{pushed}"] = reference

    def pull(self, options, rest):
        reference = rest[0]
        if reference not in self.registry:
            raise Refused(f"{reference} not found")
        image = self.images.setdefault(digest_of(self.registry[reference]), {"names": []})
        image["names"] = sorted({*image["names"], reference})

    def image(self, options, rest):
        verb, what = rest
        if verb == "inspect":
            return self._image(what)
        if verb == "ls":
            return "\n".join(id for id, image in self.images.items() if image["names"][0].startswith(what))
        if any(container["image_id"] == what for container in self.containers.values()):
            raise Refused(f"{what} is in use")
        del self.images[what]
        return f"Deleted: {what}"

    def container(self, options, rest):
        return json.dumps(self._container(rest[1]))

    def inspect(self, options, rest):
        by_id = {container["id"]: container for container in self.containers.values()}
        found = [by_id.get(name) or self._container(name) for name in rest]
        return "\n".join(self._shown(container, options["--format"][0]) for container in found)

    def ps(self, options, rest):
        return "\n".join(container["id"] for container in self.containers.values())

    def run(self, options, rest):
        name, reference = options["--name"][0], rest[0]
        if name in self.containers:
            raise Refused(f"the name {name} is in use", 125)
        commit = self.registry[reference].rsplit(":", 1)[1]
        behaviour = held("behaviours.json").get(commit, "healthy")
        container = {"id": f"{commit[:8]}-{os.getpid()}", "image": reference, "image_id": self._image(reference)}
        container |= {"status": "created", "restart": options["--restart"][0], "options": options, "asked": 0}
        self.containers[name] = container | {"behaviour": behaviour, "commit": commit}
        if behaviour == "refused":
            raise Refused("the runtime failed to create the container", 125)
        self.start({}, [name])
        return container["id"]

    def start(self, options, rest):
        container = self._container(rest[0])
        port = container["options"]["--publish"]
        others = [other for other in self.containers.values() if other is not container]
        if any(other["status"] == "running" and other["options"]["--publish"] == port for other in others):
            raise Refused(f"port {port} is already allocated")
        container["status"] = "running"
        return rest[0]

    def stop(self, options, rest):
        if os.path.exists(f"{HOME}/stop_fails"):
            raise Refused("tried to kill container, but did not receive an exit event")
        self._container(rest[0])["status"] = "exited"
        return rest[0]

    def rm(self, options, rest):
        self._container(rest[0])
        del self.containers[rest[0]]
        return rest[0]

    def rename(self, options, rest):
        if rest[1] in self.containers:
            raise Refused(f"the name {rest[1]} is in use")
        self.containers[rest[1]] = self._container(rest[0])
        del self.containers[rest[0]]

    def update(self, options, rest):
        self._container(rest[0])["restart"] = options["--restart"][0]
        return rest[0]

    def logs(self, options, rest):
        return f"a line of log of {self._container(rest[0])['commit']}"

    def _image(self, reference):
        for id, image in self.images.items():
            if reference in image["names"]:
                return id
        raise Refused(f"no such image: {reference}")

    def _container(self, name):
        if name not in self.containers:
            raise Refused(f"no such container: {name}")
        return self.containers[name]

    def _shown(self, container, template):
        behaviour = container["behaviour"]
        container["asked"] += template == HEALTH
        health = "starting" if container["asked"] < 2 else behaviour
        return {
            "{{.State.Status}}": container["status"],
            "{{.RestartCount}}": str(CRASHES if behaviour == "crashing" else 0),
            "{{.Config.Image}}": container["image"],
            "{{.Image}}": container["image_id"],
            HEALTH: health,
            HEALTH_LOG: f"scheduler: {health}",
        }[template]


def main(arguments):
    """Run one command; returns the exit status."""
    state = held("docker.json")
    options, rest = parsed(arguments[1:])
    status = 0
    try:
        print(getattr(Docker(state), arguments[0])(options, rest) or "")
    except Refused as refused:
        print(f"docker: {refused}", file=sys.stderr)
        status = refused.status
    with open(f"{HOME}/docker.json", "w") as file:
        json.dump(state, file)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
