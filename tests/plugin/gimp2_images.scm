; Every kind of image that the filter takes, in GIMP 2.10.

(define (score-of image)
  (car (filter image (car (gimp-image-get-active-layer image)) "" "generic" TRUE 60 "" 3 "none" "guides" "nothing" 1)))

(define usual (score-of (photo 640 480)))

(define (after change)
  (let ((image (photo 640 480)))
    (change image)
    (score-of image)))

(check "16 bits a channel score alike" (< (abs (- usual (after (lambda (i) (gimp-image-convert-precision i PRECISION-U16-GAMMA))))) 0.05))
(check "32-bit linear scores alike" (< (abs (- usual (after (lambda (i) (gimp-image-convert-precision i PRECISION-FLOAT-LINEAR))))) 0.05))
(check "an opaque alpha channel changes nothing" (< (abs (- usual (after (lambda (i) (gimp-layer-add-alpha (car (gimp-image-get-active-layer i))))))) 0.001))
(check "greyscale works" (>= (after (lambda (i) (gimp-image-convert-grayscale i))) 1))

; A canvas larger than the layer: only the layer is judged, and boxes are in pixels of the image.
(define wide (photo 640 480))
(gimp-image-resize wide 1000 800 200 150)
(define photo-layer (car (gimp-image-get-active-layer wide)))
(define plain (filter (photo 640 480) -1 "" "generic" FALSE 60 "1:1" 1 "none" "none" "nothing" 1))
(define moved (filter wide photo-layer "" "generic" TRUE 60 "1:1" 1 "none" "guides" "nothing" 1))
(check "a larger canvas does not change the score" (< (abs (- (car plain) (car moved))) 0.001))
(check "the box moves with the layer" (and (= (+ 200 (nth plain 2)) (nth moved 2)) (= (+ 150 (nth plain 3)) (nth moved 3))))
(define wide-map (vector-ref (cadr (gimp-item-get-children (vector-ref (cadr (gimp-image-get-layers wide)) 0))) 0))
(check "the heatmap lies on the layer" (equal? (gimp-drawable-offsets wide-map) '(200 150)))

; A selection: only that part is judged.
(define selected (photo 640 480))
(gimp-image-select-rectangle selected CHANNEL-OP-REPLACE 100 50 300 400)
(define part (filter selected (car (gimp-image-get-active-layer selected)) "" "generic" FALSE 60 "" 1 "none" "guides" "nothing" 1))
(check "the crop lies in the selection" (and (>= (nth part 2) 100) (>= (nth part 3) 50) (<= (+ (nth part 2) (nth part 4)) 400) (<= (+ (nth part 3) (nth part 5)) 450)))
(check "the selection stays" (= TRUE (car (gimp-selection-bounds selected))))

; Several layers: the group goes beside the chosen one.
(define layered (photo 640 480))
(define bottom (car (gimp-image-get-active-layer layered)))
(define top (car (gimp-layer-new layered 100 100 RGBA-IMAGE "top" 100 LAYER-MODE-NORMAL)))
(gimp-image-insert-layer layered top 0 0)
(filter layered bottom "" "generic" TRUE 60 "" 1 "none" "none" "nothing" 1)
(define order (vector->list (cadr (gimp-image-get-layers layered))))
(check "the group stands just above the chosen layer" (and (= 3 (length order)) (= top (car order)) (= TRUE (car (gimp-item-is-group (cadr order)))) (= bottom (caddr order))))

; Transparent all over, and a layer that reaches beyond the canvas.
(define clear (photo 640 480))
(gimp-layer-add-alpha (car (gimp-image-get-active-layer clear)))
(gimp-drawable-edit-clear (car (gimp-image-get-active-layer clear)))
(check "a transparent layer gets an answer" (>= (score-of clear) 1))
(define beyond (photo 640 480))
(gimp-layer-set-offsets (car (gimp-image-get-active-layer beyond)) -200 -100)
(define inner (filter beyond (car (gimp-image-get-active-layer beyond)) "" "generic" TRUE 60 "" 1 "none" "guides" "nothing" 1))
(check "what lies beyond the canvas is left out" (and (>= (nth inner 2) 0) (>= (nth inner 3) 0) (<= (+ (nth inner 2) (nth inner 4)) 440) (<= (+ (nth inner 3) (nth inner 5)) 380)))
