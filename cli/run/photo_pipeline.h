#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include <piaa/error.h>
#include <piaa/features.h>
#include <piaa/model.h>

#include "cache/kept_subject.h"
#include "photos/image_file.h"
#include "photos/photo_list.h"

namespace piaa::cli {

class FeatureCache;

/// What became of one photo.
struct PhotoResult {
    std::size_t index = 0;  ///< its place in the order the source gave, from 0
    Photo photo;
    bool skipped = false;        ///< no image, and nobody expected one; neither features nor error
    std::optional<Error> error;  ///< why there are no features
    Features features;           ///< features.photo is the size of the file's picture, after orientation
    KeptSubject subject;  ///< where its subject is; empty where nobody asked or the cache does not know
};

struct PipelineOptions {
    int jobs = 0;  ///< workers, 0 for one a core
    /// Photos a worker takes at once, 0 for what suits a folder of them. 1 answers each photo as soon as it
    /// is done.
    int batch = 0;
    // Both also leave photos the bytes that they brought along or that came from their URL, for another look.
    bool keep_maps = false;                ///< keep the stage maps, for heatmaps and crops
    bool keep_subjects = false;            ///< find subjects; a cache keeps them in any case
    FeatureCache* cache = nullptr;         ///< where features come from and go to; not with keep_maps
    std::function<bool()> stop = nullptr;  ///< asked before more photos are taken
    /// How long a photo may take to be read, and to be decoded, before it is given up.
    std::chrono::milliseconds time_limit = std::chrono::minutes(5);
    /// How a photo is read that does not bring its bytes; null for its file. Called from several threads.
    std::function<std::shared_ptr<const FileBytes>(const Photo&)> read = nullptr;
    /// How a photo is decoded; must be safe to call from several threads.
    std::function<DecodedPhoto(const FileBytes&, const boost::filesystem::path&, const SmallestSize&)>
        decode = decode_image;
    /// What a worker does with each photo that has features, before the photo is delivered: what takes time
    /// and needs no order; see WorkerResults. An Error that it throws is the photo's.
    std::function<void(PhotoResult&)> work = nullptr;
};

/// The way of every photo through every command: decode once, one forward pass, result. Calls `deliver` in
/// the calling thread, once per photo the source gave, in that order, and returns how many there were. A
/// photo that fails is a result with an error; what `deliver` or the source throws ends the run and comes
/// back to the caller.
///
/// With a cache, a photo that it knows is not decoded; the network runtime is loaded for the first photo that
/// needs it, and Error(bad_model) or Error(device) ends the run when it cannot be had.
///
/// Each worker reads, decodes and runs the network for a few photos at a time. A worker more than a few
/// batches ahead of the delivery waits, so memory does not grow with the number of photos. The photos of a
/// batch depend on the order alone, so results are the same for any number of workers. On a GPU there are
/// twice as many workers: they decode, and one thread of the network runtime gathers what they have for the
/// device.
///
/// A photo that takes longer than the time limit fails, and the rest goes on; its decoder may go on too, see
/// abandoned_work_goes_on().
///
/// After `stop` says true no photo is taken any more; those at work are finished and delivered.
std::size_t run_photo_pipeline(const Model& model, const PhotoSource& source, const PipelineOptions& options,
                               const std::function<void(PhotoResult&&)>& deliver);

}  // namespace piaa::cli
