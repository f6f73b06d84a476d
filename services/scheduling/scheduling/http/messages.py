"""What the refusals of this context say, and the words of its calendars."""

from collections.abc import Mapping

from shared_kernel.chassis.messages import Messages, Sentence

MESSAGES: Messages = {
    "appointment-not-found": {"en": "There is no such appointment.", "es": "No existe esa cita."},
    "appointment-overlaps": {
        "en": "That time is taken: {title}, {starts}–{ends}.",
        "es": "Esa hora está ocupada: {title}, {starts}–{ends}.",
    },
    "appointment-not-scheduled": {
        "en": "This can be done with a scheduled appointment only: set it back to scheduled first.",
        "es": "Esto solo se puede hacer con una cita pendiente: póngala antes como pendiente.",
    },
    "series-not-found": {
        "en": "There is no such series to change.",
        "es": "No existe esa serie, o ya no queda nada pendiente.",
    },
    "series-not-free": {
        "en": "{taken} of {count} sessions cannot take place then; none was booked.",
        "es": "{taken} de {count} sesiones no pueden tener lugar entonces; no se ha reservado ninguna.",
    },
    "sessions-overlap": {
        "en": "Overlaps another session of the series.",
        "es": "Se solapa con otra sesión de la serie.",
    },
    "starts-or-rule": {
        "en": "Give either the starts or a weekly rule.",
        "es": "Indique los inicios o una regla semanal.",
    },
    "too-many-at-once": {
        "en": "That time is overbooked many times already.",
        "es": "Esa hora ya está ocupada muchas veces.",
    },
    "gaps-in-the-way": {
        "en": "There are gaps in that time already: {starts}–{ends}.",
        "es": "Ya hay huecos en ese tiempo: {starts}–{ends}.",
    },
    "during-time-off": {
        "en": "Nobody is there at that time: {title}, {starts}–{ends}.",
        "es": "No hay nadie a esa hora: {title}, {starts}–{ends}.",
    },
    "time-off-not-found": {"en": "There is no such time off.", "es": "No existe esa ausencia."},
    "practitioner-not-found": {"en": "There is no such practitioner.", "es": "No existe ese profesional."},
    "waiting-entry-not-found": {
        "en": "There is no such entry of the waiting list.",
        "es": "No existe esa anotación de la lista de espera.",
    },
    "not-waiting": {
        "en": "This patient waits no more: booked, withdrawn, or waited until a day that is past.",
        "es": "Este paciente ya no espera: tiene cita, se retiró o esperaba hasta un día ya pasado.",
    },
    "not-a-clock-time": {
        "en": "Must be a time like 09:30, in whole five minutes.",
        "es": "Debe ser una hora como 09:30, en múltiplos de cinco minutos.",
    },
    "longer-than-hours": {
        "en": "Longer than the hours on which the patient could come.",
        "es": "Más largo que el horario en que puede venir el paciente.",
    },
    "day-is-past": {"en": "Must be today or later.", "es": "Debe ser hoy o más tarde."},
    "no-slots-there": {
        "en": "The week grid offers nothing on these days.",
        "es": "La plantilla semanal no ofrece nada en esos días.",
    },
    "grid-slot-malformed": {
        "en": "“{entry}” is no slot like 09:00-10:00, in whole five minutes.",
        "es": "«{entry}» no es un tramo como 09:00-10:00, en múltiplos de cinco minutos.",
    },
    "grid-slot-overlaps": {
        "en": "“{entry}” overlaps another slot of that day.",
        "es": "«{entry}» se solapa con otro tramo de ese día.",
    },
    "reason-without-need": {
        "en": "Only what was cancelled or missed has a reason.",
        "es": "Solo lo anulado o perdido lleva motivo.",
    },
    "patient-inactive": {
        "en": "This patient is inactive. Make the patient active again to book.",
        "es": "Este paciente está inactivo. Vuelva a activarlo para darle cita.",
    },
    "patient-erased": {
        "en": "This patient's data were erased at the patient's request; no appointment can be made.",
        "es": "Los datos de este paciente se suprimieron a petición suya; no se le puede dar cita.",
    },
    "reminder-not-found": {"en": "There is no such reminder.", "es": "No existe ese recordatorio."},
    "reminder-not-failed": {
        "en": "Only a reminder that failed can be sent again.",
        "es": "Solo se puede reintentar un recordatorio que ha fallado.",
    },
    "visit-not-found": {
        "en": "This link is not valid, or not any more. Please call the clinic.",
        "es": "Este enlace no es válido o ya no lo es. Llame a la clínica, por favor.",
    },
    "visit-moved": {
        "en": "This appointment has been moved to another time. Please use the link in the newest message.",
        "es": "Esta cita se ha cambiado a otra hora. Utilice el enlace del mensaje más reciente, por favor.",
    },
    "visit-past": {
        "en": "This appointment has already begun.",
        "es": "Esta cita ya ha comenzado.",
    },
    "visit-cancelled": {
        "en": "This appointment no longer takes place. Please call the clinic to make another.",
        "es": "Esta cita ya no tendrá lugar. Llame a la clínica para pedir otra, por favor.",
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

CALENDAR_WORDS: Mapping[str, Sentence] = {
    "appointment": {"en": "Appointment", "es": "Cita"},
    "other": {"en": "Other", "es": "Otro"},
    "cancelled": {"en": "Cancelled", "es": "Anulada"},
    "away": {"en": "Time off", "es": "Ausencia"},
    "closed": {"en": "Clinic closed", "es": "Clínica cerrada"},
}
