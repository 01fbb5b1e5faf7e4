"""Fits 1 to 9 components to each of some data sets and chooses by BIC: seconds of each run."""

import sys
import time
import warnings

import numpy
from sklearn.mixture import GaussianMixture

warnings.filterwarnings("ignore")
sets = numpy.fromfile(sys.argv[1]).reshape(int(sys.argv[2]), -1)
for run in range(int(sys.argv[3])):
    start = time.perf_counter()
    for x in sets:
        x = x.reshape(-1, 1)
        fits = [GaussianMixture(k, random_state=1).fit(x) for k in range(1, 10)]
        min(fits, key=lambda fit: fit.bic(x))
    print(time.perf_counter() - start)
