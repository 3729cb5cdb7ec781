#!/usr/bin/python3
"""serve.py FOLDER KEY SECRET: OpenStack Swift with its S3 API, all in one process, on a free port of this host.

Says `listening PORT` and serves until its input ends. A line `full` there makes its disk one without room, for
which Swift itself then answers; `room` makes room again. Needs Debian's python3-swift, and a disk with extended
attributes.
"""

import eventlet
import eventlet.tpool

eventlet.monkey_patch()

import os
import sys

from eventlet import wsgi
from swift.common import utils
from swift.common.ring import RingBuilder

utils.HASH_PATH_SUFFIX = b"portico"  # instead of /etc/swift/swift.conf

from swift.common.wsgi import SwiftHttpProtocol, loadapp

# Written as three servers and a proxy, which is how Swift comes.
SERVER = """
[DEFAULT]
devices = {folder}
swift_dir = {folder}
mount_check = false
log_level = ERROR
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""

PROXY = """
[DEFAULT]
swift_dir = {folder}
log_level = ERROR
[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats bulk s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
# A disk that had no room is asked again at once.
error_suppression_interval = 0
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_{account}_{user} = {secret} .admin
[filter:slo]
use = egg:swift#slo
"""


def main(folder, key, secret):
    account, user = key.split(":")
    sockets = {}
    for kind in ("account", "container", "object"):
        sockets[kind] = eventlet.listen(("127.0.0.1", 0))
        ring(folder, kind, sockets[kind].getsockname()[1])
    os.makedirs(os.path.join(folder, "disk"), exist_ok=True)
    for kind, socket in sockets.items():
        serve(folder, kind, socket, SERVER.format(folder=folder, kind=kind))
    front = eventlet.listen(("127.0.0.1", 0))
    proxy = PROXY.format(folder=folder, account=account, user=user, secret=secret)
    serve(folder, "proxy", front, proxy, remembering)
    print("listening", front.getsockname()[1], flush=True)
    obey()


def ring(folder, kind, port):
    """Where everything lies: one device, every part of it there, once."""
    builder = RingBuilder(part_power=1, replicas=1, min_part_hours=0)
    device = {"id": 0, "region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "disk"}
    builder.add_dev({**device, "weight": 1.0, "meta": "", "replication_ip": "127.0.0.1", "replication_port": port})
    builder.rebalance()
    builder.get_ring().save(os.path.join(folder, kind + ".ring.gz"))


def serve(folder, name, socket, settings, around=lambda app: app):
    path = os.path.join(folder, name + ".conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(settings)
    eventlet.spawn(
        wsgi.server,
        socket,
        around(loadapp(path)),
        protocol=SwiftHttpProtocol,
        log_output=False,
        capitalize_response_headers=False,
    )


class Memory:
    """What Swift keeps in memcached elsewhere."""

    def __init__(self):
        self.values = {}

    def get(self, key, **_):
        return self.values.get(key)

    def set(self, key, value, **_):
        self.values[key] = value

    def delete(self, key, **_):
        self.values.pop(key, None)


def remembering(app):
    memory = Memory()

    def remember(environ, start_response):
        environ["swift.cache"] = memory
        return app(environ, start_response)

    return remember


def obey():
    for line in iter(lambda: eventlet.tpool.execute(sys.__stdin__.readline), ""):
        # More than there is: whoever asks for room finds none.
        utils.FALLOCATE_IS_PERCENT = True
        utils.FALLOCATE_RESERVE = 100 if line.strip() == "full" else 0
        print("is", line.strip(), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
