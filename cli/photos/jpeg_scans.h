#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace piaa::cli {

/// One plane of a JPEG's picture, as its frame header describes it.
struct JpegPlane {
    std::uint8_t id = 0;
    int across = 1, down = 1;  ///< sampling factors, 1 to 4
    /// How many pixels a side a block of 8x8 becomes where the picture is decoded at an eighth: 1 where its
    /// mean is enough, 2 or 4 for colour that was halved or quartered on both sides.
    int block_side = 1;
};

/// The parts of a progressive JPEG that its picture at an eighth depends on, in their order.
struct JpegEighth {
    /// Together a JPEG of the same frame with fewer scans. Points into the file's bytes.
    std::vector<std::span<const std::byte>> parts;
    std::vector<JpegPlane> planes;
    int width = 0, height = 0;  ///< pixels of the whole picture
};

/// What of a progressive JPEG has to be decoded for an eighth of its size. The means of blocks have scans of
/// their own, which are kept, and so are all scans of the planes of which more than means is needed; where
/// the others end is told by the next marker.
///
/// Nothing for every other file: baseline ones, those with four planes, and whatever is truncated, breaks a
/// rule or does not send all detail of the means' neighbourhood, which a decoder of the whole file guesses.
std::optional<JpegEighth> eighth_of_progressive(std::span<const std::byte> file);

/// The same while the file is being read. It is known once only the data of the last scan is left, if that is
/// not needed.
class ProgressiveReading {
public:
    ProgressiveReading();
    ~ProgressiveReading();
    ProgressiveReading(const ProgressiveReading&) = delete;
    ProgressiveReading& operator=(const ProgressiveReading&) = delete;

    /// `start`: what was read by now, at the same place in memory as before.
    void go_on(std::span<const std::byte> start);

    /// Pixels of the whole picture; 0 until its header was read.
    int width() const;
    int height() const;
    /// Whether the file is none of those that eighth_of_progressive() knows, as far as it was read.
    bool gave_up() const;
    /// The result; nothing where more has to be read.
    std::optional<JpegEighth> eighth() const;

private:
    class Walk;
    friend std::optional<JpegEighth> eighth_of_progressive(std::span<const std::byte> file);
    std::unique_ptr<Walk> walk_;
};

}  // namespace piaa::cli
