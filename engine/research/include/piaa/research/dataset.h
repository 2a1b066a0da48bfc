#pragma once

#include <string>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/questionnaire.h>
#include <piaa/research/generic_metrics.h>
#include <piaa/research/ratings_table.h>

namespace piaa {

/// A research data set, read from the files that its authors publish.
struct Dataset {
    RatingsTable ratings;
    /// Where each of ratings.images() belongs: "train", "validation", "test", or "" when no list says.
    std::vector<std::string> parts;
    std::vector<std::string> test_raters;  ///< the people that the published protocol tests on; may be empty
    RatingForm form;                       ///< how the field reads its ratings
};

/// What read_dataset() knows:
///   ava         AVA.txt (15 numbers per line: place, image, ten counts of votes, two tags, challenge) and
///               generic_ls_train.jpgl, generic_test.jpgl (one image per line); photos are <image>.jpg
///   aadb        imgListTrainRegression_score.txt, imgListValidationRegression_score.txt,
///               imgListTestNewRegression_score.txt (image and mean score from 0 to 1 a line)
///   eva         votes_filtered.csv (fields set apart by "=": image_id, user_id, score from 0 to 10...)
///   flickr-aes  FLICKR-AES_image_labeled_by_each_worker.csv (worker, image, score from 1 to 5) and
///               test_workers.csv (column worker: the 37 people tested)
///   para        PARA-Images.csv (sessionId, imageName, userId, aestheticScore from 1 to 5...), with
///               PARA-GiaaTrain.csv, PARA-GiaaTest.csv and userset/TestUserIDs_Fold1.txt where they are there
/// "oasis" and other tables of our own form (rater, image, rating) go through read_ratings().
PIAA_API const std::vector<std::string>& dataset_layouts();

/// `folder` holds the files themselves or in the subfolder where the authors put them (annotation, data,
/// aesthetics_image_lists, imgListFiles_label, userset). Throws Error(bad_argument) for another layout,
/// Error(io) naming the file that is missing, Error(bad_data) naming file, line and column of what is off.
PIAA_API Dataset read_dataset(const std::string& layout, const boost::filesystem::path& folder);

/// Photos that people like, and what is known of those people.
struct LikedPhotos {
    std::vector<std::string> images;
    std::vector<std::string> people;  ///< of each image; empty strings where labels are of the photo itself
    /// trait_count numbers per image, -1 to 1; NaN where nothing is known.
    std::vector<float> traits;
};

/// Reads one of three tables, told apart by their columns:
///   user,O,C,E,A,N      PsychoFlickr: traits from -4 to 4; each person's liked photos are in images/<user>/
///   userId,...,personality-E,-A,-N,-O,-C    PARA-UserInfo.csv: 1 to 10; photos rated 4 or more are liked,
///   from
///                       PARA-Images.csv beside it
///   image,trait,sign    photos that stand for one end of one trait: sign -1 or 1; weak labels
/// Throws Error(io) or Error(bad_data) naming file, line and column.
PIAA_API LikedPhotos read_liked_photos(const boost::filesystem::path& table,
                                       const boost::filesystem::path& images);

}  // namespace piaa
