#include "io/shipped_file.h"

#include <piaa/error.h>

namespace piaa {

TensorFile read_marked_file(const boost::filesystem::path& file, const std::string& mark,
                            const std::string& otherwise) {
    TensorFile contents = read_tensor_file(file);
    if (!contents.metadata.contains(mark))
        throw Error(ErrorCode::bad_model, file.string() + ": " + otherwise);
    return contents;
}

std::vector<std::string> models_in(const TensorFile& contents, std::string_view suffix) {
    std::vector<std::string> models;
    for (const auto& [name, tensor] : contents.tensors)
        if (name.ends_with(suffix)) models.push_back(name.substr(0, name.size() - suffix.size()));
    return models;
}

}  // namespace piaa
