#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/model.h>
#include <piaa/prior.h>
#include <piaa/profile.h>
#include <piaa/score.h>

#include "console/exit_code.h"
#include "run/photo_run.h"

namespace CLI {
class App;
}

namespace piaa::cli {

/// A folder out of which a person is asked about photos.
struct CandidateOptions {
    boost::filesystem::path folder;
    std::size_t look_at = 1000;  ///< of a larger folder, choose among this many, taken at random
    std::uint64_t seed = 1;
    int jobs = 0;
    CacheOptions cache;
    bool quiet = false;
    Terminal terminal;
};

/// DIR, --look-at (at least `fewest`), --seed, the cache's and the run's options.
void add_candidate_options(CLI::App& command, CandidateOptions& options, int fewest,
                           const std::string& seed_help);

/// For an error that ended a run: a folder without photos to ask about was the wrong one to name.
ExitCode exit_code_without_candidates(const Error& error);

/// A photo worth asking about.
struct CandidatePhoto {
    boost::filesystem::path file;
    std::string content_id;
    Score score;
    std::vector<float> row;  ///< feature_row(), or the pooled features where there is no prior
};

struct Candidates {
    std::vector<CandidatePhoto> photos;
    PhotoRunSummary summary;
};

/// The photos of a folder that are judged as photos, one of each that look alike, without those that the
/// profile has an opinion of already. Names that are not UTF-8 are left out, for they cannot stand in tables.
/// prior and known may be nullptr. Throws Error(bad_data) for a folder without photos.
Candidates read_candidates(const Model& model, const Prior* prior, const UserProfile* known,
                           const CandidateOptions& options, std::ostream& err);

}  // namespace piaa::cli
