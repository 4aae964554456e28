"""How fast it is, beside what it replaces: `python -m benchmarks`, or one figure alone, as in `python -m benchmarks.search`.

Every figure is a module with `measure(quick)`. What is compared runs in turns within one process tree, on one thread.
"""

import os

# Before numpy, torch or ONNX Runtime are imported by anything here.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"
