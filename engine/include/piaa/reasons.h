#pragma once

#include <string>
#include <vector>

#include <piaa/attribute_preferences.h>
#include <piaa/attributes.h>
#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/heatmap.h>
#include <piaa/score.h>

namespace piaa {

/// What one of nine fields of the photo adds to its score. All fields together are the mean of a heatmap.
struct PlaceReason {
    std::string place;  ///< "top left", "middle"...
    double points = 0;  ///< on the scale 1 to 10, against the average photo
};

/// What an attribute of the photo has to do with its score.
struct AttributeReason {
    Attribute attribute{};
    double value = 0;
    double usual = 0;       ///< of the average photo
    double deviations = 0;  ///< how far above the usual value, in standard deviations among photos
    /// Its share of the generic score against the average photo, from the regression of the model's scores on
    /// all attributes together. What attributes go with, not what they cause.
    double points = 0;
    /// What this person adds for it beyond other people; 0 without a profile, and where the profile cannot
    /// tell whether they like it more or less than others.
    double taste = 0;
};

/// Why a photo has its score, for people in general or for one person.
struct Reasons {
    Score score;
    double average = 0;  ///< the score of the average photo
    /// What the photo as a whole adds beyond its places, with a transformer: what its class tokens say and
    /// the patches do not tell, or tell otherwise in the mirror image. Then a place's points are an estimate.
    double whole = 0;
    double rest = 0;  ///< of the generic score, what neither the average nor the attributes account for
    std::vector<PlaceReason> places;          ///< of the generic map, the highest first
    std::vector<AttributeReason> attributes;  ///< the largest share of the generic score first
    /// The photo differs from those that the model learned from more than 99 of 100 photos do.
    bool unlike_training = false;
    bool personal = false;
    std::vector<PlaceReason>
        taste_places;            ///< of the difference map, the highest first; empty without a person
    double taste_elsewhere = 0;  ///< the difference's constants: what belongs to no place
};

/// features: with maps. Throws as make_heatmap() does.
PIAA_API Reasons find_reasons(const Model& model, const Features& features);

/// The same for one person, with what they like differently from people in general.
PIAA_API Reasons find_reasons(const Model& model, const Prior& prior, const UserProfile& profile,
                              const Features& features);

/// For callers that have maps and likes at hand. difference, liked: of the person; null and empty without.
PIAA_API Reasons find_reasons(const Score& score, const Features& features, const Heatmap& generic,
                              const Heatmap* difference, const std::vector<AttributePreference>& liked);

/// Who reads what is said of a person's taste: "This person likes...", or they themselves: "You like...".
enum class Listener { anybody, the_person };

/// The reasons in a few sentences for people, the score first; what hardly counts is left out.
PIAA_API std::vector<std::string> in_words(const Reasons& reasons, Listener listener = Listener::anybody);

/// The words for much or for little of an attribute: "warm colours", "cold colours".
PIAA_API std::string in_words(Attribute attribute, bool much);

}  // namespace piaa
