#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>

#include <piaa/export.h>

#include "io/installation.h"
#include "io/tensor_file.h"

namespace piaa {

// Files beside the shipped models that hold something for each of several models.

/// What `read` makes of the file of that name; an empty value where it is not installed.
template <typename Read>
auto read_shipped(const char* name, Read read) {
    const boost::filesystem::path file = data_folder() / "models" / name;
    return boost::filesystem::exists(file) ? read(file) : decltype(read(file)){};
}

/// A safetensors file that has `mark` among its metadata. Throws Error(bad_model), naming the file, with
/// `otherwise` for one that has not.
PIAA_API TensorFile read_marked_file(const boost::filesystem::path& file, const std::string& mark,
                                     const std::string& otherwise);

/// For which models there is a tensor "MODEL<suffix>".
PIAA_API std::vector<std::string> models_in(const TensorFile& contents, std::string_view suffix);

}  // namespace piaa
