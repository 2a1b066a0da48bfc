#pragma once

#include <map>
#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/crop.h>

#include "crops/crop_format.h"
#include "crops/poster.h"

namespace piaa::cli {

/// Where the crops of a run are written as pictures.
class CropFiles {
public:
    /// Makes the folder. Throws Error(io) when that fails.
    CropFiles(boost::filesystem::path folder, bool force);

    /// PHOTO_FORMAT_RANK.SUFFIX in the folder; photos of one name in different folders get a piece of the
    /// hash of their path too. Throws Error(io) when the file is there already, unless forced.
    boost::filesystem::path name(const boost::filesystem::path& photo, const std::string& what,
                                 const std::string& suffix);

private:
    boost::filesystem::path folder_;
    bool force_;
    std::map<std::string, std::string> photo_of_;  ///< which photo has a name
};

// angle: degrees that the frame in which crops lie is turned clockwise on the photo, see piaa/level.h.

/// Writes each crop, brought to the format's size, and gives the files.
std::vector<boost::filesystem::path> write_crops(CropFiles& files, const boost::filesystem::path& photo,
                                                 const CropFormat& format, const CropResult& result,
                                                 double angle = 0);

/// Writes each crop as a poster, see poster_svg(), and gives the files.
std::vector<boost::filesystem::path> write_posters(CropFiles& files, const boost::filesystem::path& photo,
                                                   const CropFormat& format, const CropResult& result,
                                                   Size photo_size, const PosterTexts& texts,
                                                   double angle = 0);

/// Writes the photo with the boxes drawn on it, the best one thickest and with its text. picture: in that
/// frame. Where it is a thin strip, the photo is read again.
void write_preview(CropFiles& files, const boost::filesystem::path& photo, const Image& picture,
                   const CropFormat& format, const CropResult& result, Size photo_size,
                   const PosterTexts& texts, double angle = 0);

}  // namespace piaa::cli
