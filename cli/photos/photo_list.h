#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/error.h>

#include "photos/file_bytes.h"

namespace piaa::cli {

/// A file to look at.
struct Photo {
    boost::filesystem::path file;
    /// Named by hand or by its suffix, so that anything but an image is a mistake worth a line. Any other
    /// file that is not an image is left out and counted.
    bool expected = true;
    /// Where in the path the part below the named folder begins; 0 for a file that was named itself.
    std::uint32_t root = 0;
    /// The RAW file that the camera made beside this picture, in the same folder under the same name; empty
    /// for none.
    boost::filesystem::path pair = {};
    /// Symbolic links to this file, or to another one of the same photo, that the list passed over.
    std::vector<boost::filesystem::path> links = {};

    // What a line of a list says beside the path.
    std::string id = {};                               ///< the caller's own key
    boost::filesystem::path profile = {};              ///< whose eye to look with; empty for the run's
    std::string url = {};                              ///< where to fetch it; `file` is then a mere name
    std::shared_ptr<const FileBytes> bytes = nullptr;  ///< the file itself; `file` is then a mere name
    std::optional<Error> problem = std::nullopt;       ///< why the line names no photo
};

/// Whether a folder of this name holds what was thrown away or what a program made of photos that are
/// elsewhere: bins of desktops, digiKam, Windows, macOS and network drives, their thumbnails.
bool is_bin_or_thumbnails(const std::string& name);

/// What a list of paths led to.
struct PhotoList {
    std::vector<Photo> photos;  ///< in path order, byte by byte; no path twice
    std::vector<Error> errors;  ///< folders and links that could not be followed, one sentence each
    std::size_t skipped = 0;    ///< pipes, sockets and devices met inside folders
    std::size_t pairs = 0;      ///< files that are counted with another one of their photo
    std::size_t links = 0;      ///< symbolic and hard links to photos of the list, passed over
    /// What a run that was killed left of files it was writing, which is never a photo; also in `skipped`.
    std::vector<boost::filesystem::path> unfinished = {};
};

/// RAW, JPEG and HEIC of one name in one folder are one photo: the JPEG, else the HEIC, whose `pair` is the
/// RAW file.
///
/// One file is one photo, however often it is reached: by symbolic links, which are followed last and give
/// way to the file's own path, by hard links, of which the first in path order stays, by two names of a
/// folder.
///
/// Files as they are, folders with all that is below them (but bins and thumbnails that nobody named),
/// symbolic links followed (a link that leads back into its own folders is an error). `stop`, asked now and
/// then, ends a long walk early.
PhotoList list_photos(const std::vector<std::string>& paths, const std::function<bool()>& stop = nullptr);

/// Hands out photos one by one; nothing when there are no more. May wait for the next one.
using PhotoSource = std::function<std::optional<Photo>()>;

/// The photos of a list, one after the other. The list must outlive the source.
PhotoSource photos_of(const std::vector<Photo>& photos);

}  // namespace piaa::cli
