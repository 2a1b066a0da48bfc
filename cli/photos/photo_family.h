#pragma once

#include <map>
#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

namespace piaa::cli {

/// What a file is to a photo of several files, by its suffix. Other pictures are photos of their own.
enum class PhotoPart { none, jpeg, heic, raw };
PhotoPart photo_part(const boost::filesystem::path& file);

/// RAW, JPEG and HEIC of one name in one folder are one photo: of files with one stem, in path order, those
/// that are it, the one that stands for it first (JPEG before HEIC before RAW). A second JPEG or HEIC is a
/// photo of its own.
std::vector<boost::filesystem::path> one_photo_of(const std::vector<boost::filesystem::path>& same_stem);

/// The picture files of a photo, as they are on disk now: `photo`, then the others.
std::vector<boost::filesystem::path> picture_files(const boost::filesystem::path& photo);

/// Whether beach.xmp is the sidecar of this photo where several have that stem: a RAW file's as Lightroom
/// means it, else the first photo's in path order.
bool owns_stem_sidecar(const boost::filesystem::path& photo);

/// Whether a file is by its suffix what may go with a photo: a sidecar, a moving part, a spoken note.
bool has_companion_suffix(const boost::filesystem::path& file);

/// A picture file that is there and that a sidecar goes with by its name; the file itself where there is
/// none.
boost::filesystem::path picture_beside(const boost::filesystem::path& file);

/// The photo as its sidecars may call it: by its own name, then with accents in the other form (one letter or
/// two) unless that is another photo's name.
std::vector<boost::filesystem::path> names_in_sidecars(const boost::filesystem::path& photo);

/// The XMP sidecars that a photo has, the one that goes first in front: beach.jpg.xmp, then beach.xmp where
/// no other photo of the stem has a better claim to it; then the same as .XMP and .Xmp.
std::vector<boost::filesystem::path> xmp_sidecars(const boost::filesystem::path& photo);

/// Names in folders, each folder read once.
class FolderNames {
public:
    std::vector<std::string> beginning(const boost::filesystem::path& folder, const std::string& start);

private:
    std::map<std::string, std::vector<std::string>> names_;
};

/// All files of a photo: its picture files and every sidecar of theirs that is no other photo's, whichever
/// program made it: beach.xmp, beach.jpg.xmp, darktable's duplicate beach_01.jpg.xmp, beach.jpg.pp3...; and
/// what was made in the same moment, as the beach.mov of a Live Photo.
std::vector<boost::filesystem::path> files_of_photo(const boost::filesystem::path& photo, FolderNames& names);

}  // namespace piaa::cli
