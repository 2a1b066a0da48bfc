#pragma once

#include <map>
#include <span>
#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/picture_kinds.h>

#include "model/model_impl.h"

namespace piaa {

/// Which pictures are no photos, by what the network sees in them: linear rules on the pooled numbers.
struct PictureKinds {
    LinearHead drawn;       ///< above 0 for what no camera took: graphics and screenshots
    LinearHead screenshot;  ///< of these, above 0 for screenshots
};

/// Under which name a file keeps what was learned on a model's pooled numbers: network, preprocessing and
/// stages, so that models that differ in their heads alone share it.
PIAA_API std::string pooled_name(const Model::Impl& model);

/// Which kind of picture these pooled numbers are of; none for a photo.
PIAA_API Flags picture_kind(const PictureKinds& kinds, std::span<const float> pooled);

/// Rules by pooled_name(), as `train kinds` writes them. Throws Error(bad_model) naming the file.
PIAA_API std::map<std::string, PictureKinds> read_picture_kinds(const boost::filesystem::path& file);
PIAA_API void write_picture_kinds(const boost::filesystem::path& file,
                                  const std::map<std::string, PictureKinds>& kinds);

}  // namespace piaa
