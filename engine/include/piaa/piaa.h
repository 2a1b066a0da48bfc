#pragma once

/// Everything that libpiaa offers.
#include <piaa/adapt.h>
#include <piaa/agreement.h>
#include <piaa/attributes.h>
#include <piaa/base_model.h>
#include <piaa/block_means.h>
#include <piaa/content_id.h>
#include <piaa/conventional.h>
#include <piaa/crop.h>
#include <piaa/crop_figures.h>
#include <piaa/csv.h>
#include <piaa/dataset.h>
#include <piaa/error.h>
#include <piaa/faces.h>
#include <piaa/features.h>
#include <piaa/folds.h>
#include <piaa/generic_figures.h>
#include <piaa/gradient_map.h>
#include <piaa/heatmap.h>
#include <piaa/heatmap_picture.h>
#include <piaa/image.h>
#include <piaa/likes.h>
#include <piaa/model.h>
#include <piaa/network_runtime.h>
#include <piaa/personal_evaluation.h>
#include <piaa/personal_network.h>
#include <piaa/photo_choice.h>
#include <piaa/pick.h>
#include <piaa/preset.h>
#include <piaa/prior.h>
#include <piaa/profile.h>
#include <piaa/progress.h>
#include <piaa/questionnaire.h>
#include <piaa/ratings_table.h>
#include <piaa/reasons.h>
#include <piaa/score.h>
#include <piaa/statistics.h>
#include <piaa/train.h>
#include <piaa/train_blg.h>
#include <piaa/train_crop.h>
#include <piaa/train_network.h>
#include <piaa/train_pa.h>
#include <piaa/train_prior.h>
#include <piaa/whole_file.h>

namespace piaa {

/// "0.1.0"
PIAA_API const char* version();

}  // namespace piaa
