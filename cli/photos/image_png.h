#pragma once

#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/image.h>

namespace piaa::cli {

/// Writes the picture as a PNG, beside and then renamed. Throws Error(io).
void write_png(const Image& image, const boost::filesystem::path& file);

/// One line of text, black on white; line_height: pixels for a letter with the space to the next line.
Image text_image(const std::string& text, int line_height);

}  // namespace piaa::cli
