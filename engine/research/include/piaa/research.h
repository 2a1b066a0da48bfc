#pragma once

/// Data sets, training and evaluation: what makes and judges models.
#include <piaa/research/agreement.h>
#include <piaa/research/conventional.h>
#include <piaa/research/crop_metrics.h>
#include <piaa/research/dataset.h>
#include <piaa/research/distil.h>
#include <piaa/research/generic_metrics.h>
#include <piaa/research/personal_evaluation.h>
#include <piaa/research/personal_network.h>
#include <piaa/research/ratings_table.h>
#include <piaa/research/teaching_evaluation.h>
#include <piaa/research/train.h>
#include <piaa/research/train_blg.h>
#include <piaa/research/train_crop.h>
#include <piaa/research/train_familiarity.h>
#include <piaa/research/train_heads.h>
#include <piaa/research/train_kinds.h>
#include <piaa/research/train_network.h>
#include <piaa/research/train_pa.h>
#include <piaa/research/train_places.h>
#include <piaa/research/train_prior.h>
