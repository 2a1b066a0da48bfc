// The plug-in as GIMP 2.10 starts it.

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <piaa/error.h>

#include "actions/dialog_state.h"
#include "actions/procedure.h"
#include "actions/result.h"
#include "actions/texts.h"
#include "actions/words.h"
#include "dialog.h"
#include "gimp2_host.h"

namespace piaa::plugin {
namespace {

/// As GIMP's C interface wants its texts.
char* text(const char* constant) {
    return const_cast<char*>(constant);
}

void query() {
    static const GimpParamDef arguments[] = {
        {GIMP_PDB_INT32, text("run-mode"),
         text("RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1), RUN-WITH-LAST-VALS (2)")},
        {GIMP_PDB_IMAGE, text("image"), text("The image")},
        {GIMP_PDB_DRAWABLE, text("drawable"), text("The layer with the photo")},
        {GIMP_PDB_STRING, text("profile"), text(help::profile)},
        {GIMP_PDB_STRING, text("map"), text(help::map)},
        {GIMP_PDB_INT32, text("heatmap-layer"), text(help::heatmap_layer)},
        {GIMP_PDB_FLOAT, text("opacity"), text(help::opacity)},
        {GIMP_PDB_STRING, text("format"), text(help::format)},
        {GIMP_PDB_INT32, text("count"), text(help::count)},
        {GIMP_PDB_STRING, text("copy-area"), text(help::text_area)},
        {GIMP_PDB_STRING, text("crops-as"), text(help::crops_as)},
        {GIMP_PDB_STRING, text("cut"), text(help::cut)},
        {GIMP_PDB_INT32, text("chosen"), text(help::chosen)},
        {GIMP_PDB_STRING, text("source"), text(help::source)},
        {GIMP_PDB_STRING, text("selection"), text(help::selection)},
        {GIMP_PDB_INT32, text("keep-heads"), text(help::keep_heads)},
        {GIMP_PDB_INT32, text("straighten"), text(help::straighten)}};
    static const GimpParamDef results[] = {
        {GIMP_PDB_FLOAT, text("score"), text(help::score)},
        {GIMP_PDB_FLOAT, text("generic"), text(help::generic)},
        {GIMP_PDB_INT32, text("x"), text(help::x)},
        {GIMP_PDB_INT32, text("y"), text(help::y)},
        {GIMP_PDB_INT32, text("width"), text(help::width)},
        {GIMP_PDB_INT32, text("height"), text(help::height)},
        {GIMP_PDB_FLOAT, text("crop-score"), text(help::crop_score)},
        {GIMP_PDB_INT32, text("crops"), text(help::crops)},
        {GIMP_PDB_INT32, text("leave-it"), text(help::leave_it)},
        {GIMP_PDB_INT32, text("num-images"), text("How many new images were made")},
        {GIMP_PDB_INT32ARRAY, text("images"), text(help::images)},
        {GIMP_PDB_FLOAT, text("angle"), text(help::angle)}};
    gimp_install_procedure(procedure_name, help::blurb, help::description, "The PIAA authors",
                           "The PIAA authors", "2026", menu_label, image_types, GIMP_PLUGIN,
                           G_N_ELEMENTS(arguments), G_N_ELEMENTS(results), arguments, results);
    gimp_plugin_menu_register(procedure_name, "<Image>/Image/Crop");
}

/// Ratings and choices as a script passed them. Throws Error(bad_argument).
Settings settings_of(int count, const GimpParam* values) {
    constexpr int wanted = 17;
    if (count != wanted)
        throw Error(ErrorCode::bad_argument, std::string(procedure_name) + " was given " +
                                                 std::to_string(count) + " arguments and should have " +
                                                 std::to_string(wanted));
    const auto word = [&](int i) {
        return std::string(values[i].data.d_string ? values[i].data.d_string : "");
    };
    Settings settings;
    settings.profile = word(3);
    settings.map = static_cast<HeatmapKind>(choice_of(map_choices(), "map", word(4)));
    settings.add_map = values[5].data.d_int32 != 0;
    settings.opacity = values[6].data.d_float;
    settings.format = word(7);
    settings.count = values[8].data.d_int32;
    settings.text_area = static_cast<TextPlace>(choice_of(copy_area_choices(), "copy-area", word(9)));
    settings.marks = static_cast<CropMarks>(choice_of(marks_choices(), "crops-as", word(10)));
    settings.cut = static_cast<Cut>(choice_of(cut_choices(), "cut", word(11)));
    settings.chosen = values[12].data.d_int32;
    settings.source = static_cast<Source>(choice_of(source_choices(), "source", word(13)));
    settings.selection = static_cast<SelectionUse>(choice_of(selection_choices(), "selection", word(14)));
    settings.keep_heads = values[15].data.d_int32 != 0;
    settings.straighten = values[16].data.d_int32 != 0;
    return settings;
}

Settings last_settings() {
    const int size = gimp_get_data_size(procedure_name);
    if (size <= 0) return kept_settings();  // GIMP 2.10 forgets when it ends
    std::string text(static_cast<std::size_t>(size), '\0');
    gimp_get_data(procedure_name, text.data());
    return settings_from_text(text);
}

void keep(const Settings& settings) {
    const std::string text = to_text(settings);
    gimp_set_data(procedure_name, text.data(), static_cast<guint32>(text.size()));
    keep_settings(settings);
}

/// The layer that a drawable is, or belongs to as its mask. Throws Error(bad_argument), for what an earlier
/// run added too.
gint32 layer_of(gint32 image, gint32 drawable) {
    if (gimp_item_is_layer_mask(drawable)) return gimp_layer_from_mask(drawable);
    if (!gimp_item_is_layer(drawable))
        throw Error(ErrorCode::bad_argument, "a channel is chosen and should be a layer");
    if (gimp_image_base_type(image) == GIMP_INDEXED)
        throw Error(ErrorCode::bad_argument,
                    "the image is indexed and should be RGB or greyscale: Image > Mode > RGB");
    if (was_added_by_us(drawable))
        throw Error(ErrorCode::bad_argument,
                    "a layer that this filter added is chosen and should be the photo's own");
    return drawable;
}

class Results {
public:
    void fail(GimpPDBStatusType status, const std::string& sentence) {
        sentence_ = sentence;
        values_.assign(2, {});
        values_[0].type = GIMP_PDB_STATUS;
        values_[0].data.d_status = status;
        values_[1].type = GIMP_PDB_STRING;
        values_[1].data.d_string = sentence_.data();
        if (sentence.empty()) values_.pop_back();
    }

    void succeed(const Answer& answer, const std::vector<gint32>& images) {
        images_ = images;
        values_.assign(1, {});
        values_[0].type = GIMP_PDB_STATUS;
        values_[0].data.d_status = GIMP_PDB_SUCCESS;
        add(answer.score.score);
        add(answer.score.generic);
        for (const int side : {answer.box.x, answer.box.y, answer.box.width, answer.box.height}) add(side);
        add(answer.crop_score);
        add(answer.crops);
        add(answer.leave_it ? 1 : 0);
        add(static_cast<int>(images_.size()));
        GimpParam list{};
        list.type = GIMP_PDB_INT32ARRAY;
        list.data.d_int32array = images_.data();
        values_.push_back(list);
        add(answer.angle);
    }

    void hand_over(gint* count, GimpParam** values) {
        *count = static_cast<gint>(values_.size());
        *values = values_.data();
    }

private:
    void add(int value) {
        GimpParam result{};
        result.type = GIMP_PDB_INT32;
        result.data.d_int32 = value;
        values_.push_back(result);
    }
    void add(double value) {
        GimpParam result{};
        result.type = GIMP_PDB_FLOAT;
        result.data.d_float = value;
        values_.push_back(result);
    }

    std::string sentence_;
    std::vector<gint32> images_;
    std::vector<GimpParam> values_;
};

void run_on(GimpRunMode mode, gint32 image, gint32 drawable, const Settings& settings, Results& results) {
    Gimp2Host host(image, layer_of(image, drawable), mode != GIMP_RUN_NONINTERACTIVE);
    gimp_progress_init("Aesthetic Crop");
    if (mode == GIMP_RUN_INTERACTIVE) {
        looked_at(host, settings);
        check_photo(host);
        check_display();
        gimp_ui_init(program_name, FALSE);
        Dialog dialog(host, settings);
        if (!dialog.run()) return results.fail(GIMP_PDB_CANCEL, "");
        keep(dialog.settings());
        results.succeed(apply(host, dialog.settings(), dialog.finish()), host.made_images());
    } else {
        results.succeed(plugin::run(host, settings), host.made_images());
    }
    if (mode != GIMP_RUN_NONINTERACTIVE) gimp_displays_flush();
}

void start(const gchar*, gint count, const GimpParam* values, gint* result_count, GimpParam** result_values) {
    static Results results;  // GIMP reads them after we return
    try {
        g_debug("started");
        find_translations();
        gegl_init(nullptr, nullptr);
        const auto mode = static_cast<GimpRunMode>(values[0].data.d_int32);
        const Settings settings =
            mode == GIMP_RUN_NONINTERACTIVE ? settings_of(count, values) : last_settings();
        run_on(mode, values[1].data.d_image, values[2].data.d_drawable, settings, results);
    } catch (const Error& error) {
        results.fail(is_of_the_caller(error) ? GIMP_PDB_CALLING_ERROR : GIMP_PDB_EXECUTION_ERROR,
                     sentence(error.what()));
    } catch (const std::exception& error) {
        results.fail(GIMP_PDB_EXECUTION_ERROR, sentence(error.what()));
    }
    results.hand_over(result_count, result_values);
}

}  // namespace
}  // namespace piaa::plugin

const GimpPlugInInfo PLUG_IN_INFO = {nullptr, nullptr, piaa::plugin::query, piaa::plugin::start};

MAIN()
