"""Where the two HPS plug-in libraries lie in the image, whatever its Python version.

hps_trt: the TensorRT plug-in; hps_tf: the TensorFlow one, inside an egg whose name holds the Python version (py3.8 to
23.06, py3.10 from 23.08). An environment variable names another place. The TensorFlow package is never imported to find
it: on some images importing it crashes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hpsb_console import EnvironmentFaultError

VARIABLES = {"hps_trt": "HPS_BENCH_HPS_TRT_PLUGIN", "hps_tf": "HPS_BENCH_HPS_TF_PLUGIN"}
_TF_LIBRARY = "hierarchical_parameter_server/lib/libhierarchical_parameter_server.so"
_PACKAGES = [
    f"{prefix}/lib/python3*/{name}-packages"
    for prefix in ("usr/local", "usr", "opt/conda")
    for name in ("dist", "site")
]
_PATTERNS = {
    "hps_trt": ["usr/local/hps_trt/lib/libhps_plugin.so"],
    "hps_tf": [f"{folder}/{egg}{_TF_LIBRARY}" for folder in _PACKAGES for egg in ("merlin_hps-*.egg/", "")],
}
_IMAGES = "use an image that has it: merlin-tensorflow 23.02 to 23.12 or merlin-hugectr 24.06"


def find_plugin(name, environment=None, root="/"):
    """Path of the plug-in library ``hps_trt`` or ``hps_tf``. Raises EnvironmentFaultError where there is not one."""
    variable = VARIABLES[name]
    own = (os.environ if environment is None else environment).get(variable)
    if own:
        if not Path(own).is_file():
            raise EnvironmentFaultError(f"{variable}={own}: no such file; allowed: the path of the {name} library")
        return Path(own)
    found = {path.resolve(): path for pattern in _PATTERNS[name] for path in sorted(Path(root).glob(pattern))}
    paths = list(found.values())
    if len(paths) > 1:
        version = "{}.{}".format(*sys.version_info[:2])
        # "py3.1" must not be found in "py3.10".
        marks = (f"python{version}/", f"py{version}-")
        paths = [path for path in paths if any(mark in str(path) for mark in marks)] or paths
    if len(paths) == 1:
        return paths[0]
    if paths:
        listed = ", ".join(str(path) for path in paths)
        raise EnvironmentFaultError(f"the {name} library is here more than once: {listed}; set {variable} to one")
    places = ", ".join(f"/{pattern}" for pattern in _PATTERNS[name])
    raise EnvironmentFaultError(f"the {name} library is not in {places}; {_IMAGES}, or set {variable} to its path")
