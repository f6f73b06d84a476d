"""What the refusals of this context say."""

from shared_kernel.chassis.messages import Messages

MESSAGES: Messages = {
    "appointment-not-found": {"en": "There is no such appointment.", "es": "No existe esa cita."},
    "appointment-overlaps": {
        "en": "That time is taken: {title}, {starts}–{ends}.",
        "es": "Esa hora está ocupada: {title}, {starts}–{ends}.",
    },
    "appointment-not-scheduled": {
        "en": "Only a scheduled appointment can be cancelled.",
        "es": "Solo se puede anular una cita pendiente.",
    },
    "patient-inactive": {
        "en": "This patient is inactive. Make the patient active again to book.",
        "es": "Este paciente está inactivo. Vuelva a activarlo para darle cita.",
    },
    "patient-erased": {
        "en": "This patient's data were erased at the patient's request; no appointment can be made.",
        "es": "Los datos de este paciente se suprimieron a petición suya; no se le puede dar cita.",
    },
    "title-or-patient": {
        "en": "Write a title or choose a patient.",
        "es": "Escriba un título o elija un paciente.",
    },
    "ends-before-start": {"en": "Must be after the start.", "es": "Debe ser posterior al inicio."},
    "lasts-too-long": {"en": "At most {hours} hours.", "es": "Como máximo {hours} horas."},
    "more-than-a-day": {
        "en": "A whole-day entry is for one day.",
        "es": "Una entrada de todo el día es para un solo día.",
    },
    "off-the-grid": {
        "en": "Must be on a multiple of five minutes.",
        "es": "Debe ser un múltiplo de cinco minutos.",
    },
    "out-of-calendar": {
        "en": "Must be between the years {first} and {last}.",
        "es": "Debe estar entre los años {first} y {last}.",
    },
    "window-too-long": {"en": "At most {days} days.", "es": "Como máximo {days} días."},
}
