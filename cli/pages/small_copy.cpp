#include "pages/small_copy.h"

#include "photos/image_file.h"
#include "photos/small_image.h"

namespace piaa::cli {

std::string small_copy(const boost::filesystem::path& file, int longest_side) {
    constexpr int quality = 80;
    return encode_jpeg(read_within({file}, longest_side), quality);
}

}  // namespace piaa::cli
