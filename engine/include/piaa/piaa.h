#pragma once

/// What a program needs of libpiaa; <piaa/research.h> is what makes and judges models.
#include <piaa/adapt.h>
#include <piaa/attribute_preferences.h>
#include <piaa/attributes.h>
#include <piaa/base_model.h>
#include <piaa/close_look.h>
#include <piaa/content_id.h>
#include <piaa/crop.h>
#include <piaa/culling.h>
#include <piaa/error.h>
#include <piaa/faces.h>
#include <piaa/feature_map.h>
#include <piaa/features.h>
#include <piaa/flags.h>
#include <piaa/geometry.h>
#include <piaa/gradient_map.h>
#include <piaa/heatmap.h>
#include <piaa/heatmap_picture.h>
#include <piaa/image.h>
#include <piaa/level.h>
#include <piaa/model.h>
#include <piaa/network_runtime.h>
#include <piaa/personal_model.h>
#include <piaa/preset.h>
#include <piaa/prior.h>
#include <piaa/profile.h>
#include <piaa/profile_lock.h>
#include <piaa/progress.h>
#include <piaa/query_selection.h>
#include <piaa/questionnaire.h>
#include <piaa/reasons.h>
#include <piaa/score.h>
#include <piaa/statistics.h>
#include <piaa/style_axes.h>
#include <piaa/subject.h>

namespace piaa {

/// "0.1.0"
PIAA_API const char* version();

}  // namespace piaa
