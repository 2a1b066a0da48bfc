; What the scripts for GIMP 2.10 share. The runner defines `work`, a folder, and `picture`, a JPEG of a real photo.

(define report (open-output-file (string-append work "/report")))
(define (note-line text) (display text report) (newline report) (flush-output-port report))
(define (flush-output-port port) #t)
(define (check name holds) (note-line (string-append (if holds "ok " "FAILED ") name)))
(define (nth list place) (list-ref list place))
(define (write-file name text)
  (let ((port (open-output-file (string-append work "/" name))))
    (display text port)
    (close-output-port port)))

; The real photo at a size of its own.
(define (photo width height)
  (let ((image (car (gimp-file-load RUN-NONINTERACTIVE picture picture))))
    (gimp-image-scale image width height)
    (gimp-image-clean-all image)
    image))

; The filter in a script's mode. A layer of -1 stands for the image's own. What is judged, what the selection is for,
; whether heads stay whole and whether the photo is levelled may be left out.
(define (filter image layer . rest)
  (apply plug-in-aesthetic-crop RUN-NONINTERACTIVE image (if (= layer -1) (car (gimp-image-get-active-layer image)) layer)
         (if (= 10 (length rest)) (append rest (list "auto" "judge" TRUE FALSE)) rest)))

(define (guides image)
  (let loop ((guide (car (gimp-image-find-next-guide image 0))) (found '()))
    (if (= guide 0)
        found
        (loop (car (gimp-image-find-next-guide image guide)) (cons (car (gimp-image-get-guide-position image guide)) found)))))

(define (insert number list)
  (if (or (null? list) (<= number (car list))) (cons number list) (cons (car list) (insert number (cdr list)))))
(define (sorted list) (if (null? list) '() (insert (car list) (sorted (cdr list)))))

(define (contains? text part)
  (let ((longest (- (string-length text) (string-length part))))
    (let loop ((start 0))
      (cond ((> start longest) #f)
            ((string=? part (substring text start (+ start (string-length part)))) #t)
            (else (loop (+ start 1)))))))

; The filter's note in an image; "" for none.
(define (note-of image)
  (let loop ((names (cadr (gimp-image-get-parasite-list image))))
    (cond ((null? names) "")
          ((string=? (car names) "aesthetic-crop") (caddr (car (gimp-image-get-parasite image "aesthetic-crop"))))
          (else (loop (cdr names))))))

(define (pixels-sum layer) (car (gimp-drawable-histogram layer HISTOGRAM-VALUE 0 1)))
(define (alpha-spread layer) (cadr (gimp-drawable-histogram layer HISTOGRAM-ALPHA 0 1)))

; What an error says.
(define last-error "")
(define usual-hook *error-hook*)
(define (error-of work)
  (set! last-error "")
  (set! *error-hook* (lambda words (set! last-error (words->text words)) (apply usual-hook words)))
  (catch 'failed (work))
  (set! *error-hook* usual-hook)
  last-error)
(define (words->text words)
  (apply string-append (map (lambda (word) (if (string? word) word "")) words)))
