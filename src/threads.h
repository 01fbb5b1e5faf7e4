#pragma once

namespace gmm1d {

/// How many threads a parallel region may have: as many as asked for and OpenMP allows,
/// and one in a forked process, where the threads of OpenMP's pool do not exist.
int threads_allowed(int asked);

}  // namespace gmm1d
