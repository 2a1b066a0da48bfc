#pragma once

#include <string>
#include <vector>

#include <piaa/image.h>

/// JPEGs of every kind that libjpeg can write, made when a test needs them.
namespace piaa::test {

/// One scan of a progressive JPEG: coefficients `first` to `last` of some planes (0 brightness, 1 and 2
/// colour), of which `before` low bits were missing until then (0 when nothing was sent) and `after` are
/// missing still.
struct JpegScan {
    std::vector<int> planes;
    int first = 0, last = 0, before = 0, after = 0;
};

struct JpegKind {
    int across = 2, down = 2;  ///< how many times finer brightness is than colour
    bool grey = false;
    bool progressive = true;
    std::vector<JpegScan> scans = {};  ///< none for those that libjpeg chooses
    bool arithmetic = false;
    unsigned restart = 0;  ///< blocks (MCUs) between two restart markers, 0 for none
    int quality = 90;
};

/// Scans as mozjpeg and other programs order them, all of whose detail is sent in the end.
std::vector<std::vector<JpegScan>> unusual_scans();

std::string jpeg_bytes(const Image& image, const JpegKind& kind);

}  // namespace piaa::test
