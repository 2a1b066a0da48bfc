#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <piaa/image.h>

class LibRaw;

namespace piaa::cli {

/// A camera's RAW file, read by LibRaw from memory. The bytes must outlive it.
class RawFile {
public:
    /// Nothing when the content is no RAW picture, whatever the file is called: many RAW formats start as
    /// TIFF does.
    static std::optional<RawFile> open(std::span<const std::byte> file);

    ~RawFile();
    RawFile(RawFile&&) noexcept;
    RawFile& operator=(RawFile&&) noexcept;

    Size size() const;        ///< pixels, after orientation
    int orientation() const;  ///< how the sensor's picture is turned: 1, 3, 6 or 8 as in Exif

    /// The picture that the camera made, and how it has to be turned.
    struct Preview {
        std::vector<std::byte> jpeg;
        Size size;              ///< as stored
        int quarter_turns = 0;  ///< clockwise, where the JPEG itself does not say
    };
    /// The embedded preview, when it is a JPEG of the whole frame; nothing otherwise.
    std::optional<Preview> preview();

    /// Develops the sensor's pixels: 8-bit sRGB, oriented, white balance of the camera. At half the size
    /// where that is at least `smallest`, which takes a quarter of the work and needs no interpolation.
    /// Throws Error(bad_image) without a name when the file is damaged.
    Image develop(Size smallest);

private:
    explicit RawFile(std::unique_ptr<LibRaw> raw);
    std::unique_ptr<LibRaw> raw_;
};

}  // namespace piaa::cli
