"""Fits three components with scikit-learn: seconds and log-likelihood at its tolerance, 1e-12."""

import sys
import time

import numpy
from sklearn.mixture import GaussianMixture

x = numpy.fromfile(sys.argv[1]).reshape(-1, 1)
means = numpy.array([float(value) for value in sys.argv[2:]]).reshape(-1, 1)
results = []
for tolerance in (1e-3, 1e-12):
    model = GaussianMixture(
        3, tol=tolerance, means_init=means, init_params="random_from_data", max_iter=10000,
        random_state=1,
    )
    start = time.perf_counter()
    model.fit(x)
    results += [time.perf_counter() - start, model.score(x) * len(x)]
print(*results)
