#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "photos/file_bytes.h"
#include "run/scorer.h"

namespace piaa::cli {

/// The people whose profiles a run meets on its way, all on one model. Safe to call from several threads.
class People {
public:
    /// Refers to `everyone`, whose model is everybody's.
    /// prior: their prior, empty for the shipped one.
    explicit People(const Scorer& everyone, boost::filesystem::path prior = {})
        : everyone_(everyone), prior_(std::move(prior)) {}

    /// The person of a profile; `everyone` for an empty path. A file that changed is read anew. Throws as
    /// Scorer does.
    std::shared_ptr<const Scorer> of(const boost::filesystem::path& profile);

private:
    struct Person {
        std::optional<FileStamp> stamp;
        std::shared_ptr<const Scorer> scorer;
    };

    const Scorer& everyone_;
    const boost::filesystem::path prior_;
    std::mutex mutex_;
    std::map<boost::filesystem::path, Person> known_;
};

}  // namespace piaa::cli
