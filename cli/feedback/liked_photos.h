#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/features.h>

#include "feedback/named_feedback.h"

namespace piaa::cli {

/// Photos that a person or a brand chose, and those they were chosen from.
class LikedPhotos {
public:
    LikedPhotos() = default;
    /// Two folders, with all below them; chosen photos may be among the others too, or copies of them. Throws
    /// Error(bad_data) for a folder without photos; a line on messages for what cannot be read.
    LikedPhotos(const boost::filesystem::path& liked, const boost::filesystem::path& among,
                std::ostream& messages);

    /// Photos that are versions of a chosen one are no others. photos: by full path.
    void take_out_copies(const std::map<std::string, Features>& photos);

    /// A choice as ratings (ratings_of_choice()).
    std::vector<NamedFeedback> feedback() const;

    std::size_t refused() const { return refused_; }

private:
    std::vector<std::string> liked_, others_;
    std::size_t refused_ = 0;
};

}  // namespace piaa::cli
